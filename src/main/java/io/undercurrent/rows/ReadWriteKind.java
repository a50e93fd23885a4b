package io.undercurrent.rows;

import io.undercurrent.kind.UpdateKind;
import io.undercurrent.kind.Work;
import io.undercurrent.page.Read;
import io.undercurrent.page.Walk;
import io.undercurrent.rows.ReadWrite.Process;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Shape;
import io.undercurrent.yaml.Shape.Key;
import io.undercurrent.yaml.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Updates that read rows in key order and write them in chunks. */
public final class ReadWriteKind implements UpdateKind {

  private static final String END_AT_START = "end-at-start";
  private static final Shape VALUES = new Shape.OneOrMore(Shape.SQL);
  private static final Shape.Mapping READ =
      Shape.mapping(
          Key.optional("table", Shape.TEXT, "the table to walk along, as written in SQL"),
          Key.optional("sql", Shape.SQL, "a query whose rows to walk along, in place of a table"),
          Key.optional("key", Shape.COLUMNS, "what orders and names the rows"),
          Key.optional("where", Shape.SQL, "which of the walked rows are items"),
          Key.optional(
              "from",
              VALUES,
              "where the walk begins: a value of the key's first column, or a list for several"),
          Key.optional(
              "to",
              Shape.either(Shape.oneOf(END_AT_START), VALUES),
              "where it ends, likewise; end-at-start, the last key when the run begins, if left out"),
          Key.optional("order", Shape.oneOf("asc", "desc"), "the direction of the walk"),
          Key.optional(
              "csv", Shape.TEXT, "a CSV file whose lines to walk along, beside the job file"),
          Key.optional(
              "columns",
              new Shape.Named(Shape.TEXT),
              "the types of its columns, where that is not text"));
  private static final String NO_KEY =
      "missing key 'key': the columns that order the rows and name each of them";
  private static final Shape.Mapping PROCESS =
      Shape.mapping(
          Key.required("bean", Shape.TEXT, "an ItemProcessor"),
          Key.optional(
              "outside-transaction", Shape.FLAG, "whether it works before the transaction"),
          Key.optional("timeout", Shape.DURATION, "how long it may take for a row then"));
  private static final Shape.Mapping WRITE =
      Shape.mapping(Key.required("bean", Shape.TEXT, "an ItemWriter"));

  @Override
  public List<Key> keys() {
    return List.of(
        Key.required("read", READ, "the rows, in the order of a key"),
        Key.optional("process", Shape.either(Shape.TEXT, PROCESS), "a bean that each row passes"),
        Key.required(
            "write",
            Shape.either(Shape.STATEMENTS, WRITE),
            "statements that see the rows of a chunk as the relation chunk, or a bean"),
        ChangedPerItem.KEY);
  }

  @Override
  public String purpose() {
    return "rows of a table or query, read in the order of a key, written in chunks";
  }

  @Override
  public String example() {
    return """
        - name: member_domains
          read: {table: members, key: [room_id, user_id], where: domain IS NULL}
          write: |
            UPDATE members
               SET domain = split_part(members.user_id, ':', 2)
              FROM chunk
             WHERE members.room_id = chunk.room_id
               AND members.user_id = chunk.user_id
          expect: {changed-per-item: 1}
        """;
  }

  @Override
  public Optional<Work> read(Section update) {
    var read = update.required("read").flatMap(ReadWriteKind::read);
    var process = update.value("process").flatMap(ReadWriteKind::process).orElse(null);
    var write = update.required("write").flatMap(ReadWriteKind::write);
    var expect = ChangedPerItem.read(update).orElse(null);
    if (update.has("expect") && write.filter(Write.Bean.class::isInstance).isPresent()) {
      update.problemAt(
          "expect", "'expect' does not go with a bean: what that changes cannot be counted");
    }
    return read.flatMap(from -> write.map(to -> new ReadWrite(from, process, to, expect)));
  }

  private static Optional<Process> process(Value value) {
    return value.isMapping()
        ? value.section(PROCESS).flatMap(ReadWriteKind::process)
        : value.text().map(Process::inTransaction);
  }

  private static Optional<Process> process(Section process) {
    var bean = process.value("bean").flatMap(Value::text);
    var outside = process.value("outside-transaction").flatMap(Value::flag).orElse(false);
    var timeout = process.value("timeout").flatMap(Value::timeout).orElse(Process.TIMEOUT);
    if (process.has("timeout") && !outside) {
      process.problemAt(
          "timeout",
          "'timeout' goes with 'outside-transaction: true': a bean inside the transaction cannot be interrupted");
    }
    return bean.map(name -> new Process(name, outside, timeout));
  }

  private static Optional<Read> read(Value value) {
    return value.section(READ).flatMap(ReadWriteKind::tableOrQuery);
  }

  private static Optional<Read> csv(Section read) {
    List.of("table", "sql", "where", "from", "to", "order").stream()
        .filter(read::has)
        .forEach(key -> read.problemAt(key, "'%s' and 'csv' exclude each other", key));
    var key = read.value("key").map(Value::columns).orElse(List.of());
    if (!read.has("key")) {
      read.problem(NO_KEY);
    }
    var types = new LinkedHashMap<String, String>();
    read.value("columns")
        .flatMap(Value::section)
        .ifPresent(
            columns ->
                columns
                    .values()
                    .forEach((name, type) -> type.text().ifPresent(text -> types.put(name, text))));
    var file = read.value("csv").flatMap(Value::text);
    var path = read.value("csv").flatMap(Value::file);
    return file.flatMap(name -> path.map(found -> new Read.Csv(name, found, key, types)));
  }

  private static Optional<Read> tableOrQuery(Section read) {
    if (read.has("csv")) {
      return csv(read);
    }
    if (read.has("columns")) {
      read.problemAt("columns", "'columns' goes with 'csv'; a table or a query has types");
    }
    var key = read.value("key").map(Value::columns).orElse(List.of());
    var table = read.value("table").flatMap(Value::text);
    var sql = read.value("sql").flatMap(Value::sql);
    var where = read.value("where").flatMap(Value::sql);
    if (read.has("table") && read.has("sql")) {
      read.problemAt("sql", "'sql' and 'table' exclude each other");
    } else if (read.has("sql") && read.has("where")) {
      read.problemAt("where", "'where' goes with 'table'; put the condition into 'sql'");
    } else if (!read.has("table") && !read.has("sql")) {
      read.problem("missing key 'table', 'sql' or 'csv'");
    }
    if (read.has("sql") && !read.has("key")) {
      read.problem(NO_KEY);
    }
    var walk = walk(read);
    return table
        .<Read>map(name -> new Read.Table(name, key, where.orElse(null), walk))
        .or(() -> sql.map(query -> new Read.Query(query, key, walk)));
  }

  private static Walk walk(Section read) {
    var from = read.value("from").map(Value::statements).orElse(List.of());
    var to = read.value("to").map(Value::statements).orElse(List.of());
    var endsAtStart = to.size() == 1 && to.get(0).text().equals(END_AT_START);
    var order = read.value("order").flatMap(value -> value.oneOf("asc", "desc"));
    return new Walk(from, endsAtStart ? List.of() : to, order.filter("desc"::equals).isPresent());
  }

  private static Optional<Write> write(Value value) {
    return value.isMapping()
        ? value
            .section(WRITE)
            .flatMap(write -> write.value("bean"))
            .flatMap(Value::text)
            .map(Write.Bean::new)
        : Optional.of(new Write.Statements(value.statements()));
  }
}
