package io.undercurrent.job;

import io.undercurrent.job.Work.Read;
import io.undercurrent.job.Work.ReadWrite;
import io.undercurrent.job.Work.Run;
import io.undercurrent.job.Work.Sql;
import io.undercurrent.job.Work.Write;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one update of a job file. */
final class UpdateParser {

  private static final int LONGEST_NAME = 100;
  private static final Set<Byte> INVISIBLE =
      Set.of(Character.CONTROL, Character.FORMAT, Character.SURROGATE);
  private static final List<String> KEYS =
      List.of(
          "name",
          "read",
          "process",
          "write",
          "expect",
          "run",
          "create-index",
          "depends-on",
          "ordering",
          "lock-timeout",
          "statement-timeout",
          "row-security");
  private static final List<String> PLANNED_KINDS =
      List.of("update", "delete", "validate-constraint", "verify");
  // Stands in for work with a problem, so that the rest of the file is read as well.
  private static final Work NO_WORK = new Run(List.of());

  private final Section section;

  private UpdateParser(Section section) {
    this.section = section;
  }

  /**
   * Reads an update.
   *
   * @param before the update before it in the file, on which it depends unless it says otherwise
   * @return empty if there is a problem that leaves it without a name
   */
  static Optional<UpdateDefinition> parse(Value value, @Nullable String before) {
    return value
        .section(KEYS, PLANNED_KINDS)
        .flatMap(section -> new UpdateParser(section).update(before));
  }

  private Optional<UpdateDefinition> update(@Nullable String before) {
    var name = section.required("name").flatMap(UpdateParser::name);
    var dependsOn = dependsOn(before);
    var ordering = section.value("ordering").flatMap(Value::integer).orElse(0);
    var lockTimeout = section.value("lock-timeout").flatMap(Value::timeout).orElse(null);
    var statementTimeout = section.value("statement-timeout").flatMap(Value::timeout).orElse(null);
    var filtersRows = section.value("row-security").flatMap(value -> value.oneOf("filter"));
    var work = work().orElse(NO_WORK);
    return name.map(
        named ->
            new UpdateDefinition(
                named,
                dependsOn,
                ordering,
                lockTimeout,
                statementTimeout,
                filtersRows.isPresent(),
                work,
                section.line()));
  }

  private static Optional<String> name(Value value) {
    var name = value.text();
    name.ifPresent(text -> refuseBadName(value, text));
    return name;
  }

  private static void refuseBadName(Value value, String name) {
    var length = name.codePointCount(0, name.length());
    if (length > LONGEST_NAME) {
      value.problem("expected at most %d characters, found %d", LONGEST_NAME, length);
    }
    if (name.codePoints().anyMatch(UpdateParser::isInvisible)) {
      value.problem("expected a name without blanks and invisible characters, found '%s'", name);
    }
  }

  private static boolean isInvisible(int character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || INVISIBLE.contains((byte) Character.getType(character));
  }

  private @Nullable String dependsOn(@Nullable String before) {
    var value = section.value("depends-on");
    if (value.isEmpty()) {
      return before;
    }
    return value.get().isEmptyList()
        ? null
        : value.get().text("the name of an update, or [] for none").orElse(null);
  }

  private Optional<Work> work() {
    if (PLANNED_KINDS.stream().anyMatch(section::has)) {
      return Optional.empty();
    }
    if (section.has("run")) {
      return run();
    }
    if (section.has("create-index")) {
      return createIndex();
    }
    if (section.has("read") || section.has("write") || section.has("process")) {
      return readWrite();
    }
    section.problem("expected 'read' and 'write', 'run' or 'create-index', found none of them");
    return Optional.empty();
  }

  private Optional<Work> run() {
    refuseBeside("run", List.of("read", "process", "write", "expect", "create-index"));
    return section.value("run").map(UpdateParser::statements).map(Run::new);
  }

  private Optional<Work> createIndex() {
    refuseBeside("create-index", List.of("read", "process", "write", "expect"));
    for (var key : List.of("lock-timeout", "statement-timeout")) {
      if (section.has(key)) {
        section.problemAt(
            key,
            "'%s' does not go with 'create-index': it would cut the build and leave an INVALID index",
            key);
      }
    }
    if (section.has("row-security")) {
      section.problemAt(
          "row-security", "'row-security' does not go with 'create-index', which has all rows");
    }
    return section.value("create-index").flatMap(IndexParser::parse);
  }

  private void refuseBeside(String kind, List<String> others) {
    for (var key : others) {
      if (section.has(key)) {
        section.problemAt(key, "'%s' and '%s' exclude each other", key, kind);
      }
    }
  }

  private Optional<Work> readWrite() {
    var read = section.required("read").flatMap(UpdateParser::read);
    var process = section.value("process").flatMap(Value::text).orElse(null);
    var write = section.required("write").flatMap(UpdateParser::write);
    var expect = section.value("expect").flatMap(UpdateParser::expect).orElse(null);
    if (section.has("expect") && write.filter(Write.Bean.class::isInstance).isPresent()) {
      section.problemAt(
          "expect", "'expect' does not go with a bean: what that changes cannot be counted");
    }
    return read.flatMap(from -> write.map(to -> new ReadWrite(from, process, to, expect)));
  }

  private static Optional<ChangedPerItem> expect(Value value) {
    return value
        .section(List.of("changed-per-item"))
        .flatMap(expect -> expect.required("changed-per-item"))
        .flatMap(Value::changedPerItem);
  }

  private static Optional<Read> read(Value value) {
    return value.section(List.of("table", "sql", "key", "where")).flatMap(UpdateParser::read);
  }

  private static Optional<Read> read(Section read) {
    var key = read.required("key").map(Value::columns).orElse(List.of());
    var table = read.value("table").flatMap(Value::text);
    var sql = read.value("sql").flatMap(Value::sql);
    var where = read.value("where").flatMap(Value::sql);
    if (read.has("table") && read.has("sql")) {
      read.problemAt("sql", "'sql' and 'table' exclude each other");
    } else if (read.has("sql") && read.has("where")) {
      read.problemAt("where", "'where' goes with 'table'; put the condition into 'sql'");
    } else if (!read.has("table") && !read.has("sql")) {
      read.problem("missing key 'table' or 'sql'");
    }
    return table
        .<Read>map(name -> new Read.Table(name, key, where.orElse(null)))
        .or(() -> sql.map(query -> new Read.Query(query, key)));
  }

  private static Optional<Write> write(Value value) {
    return value.isMapping()
        ? value
            .section(List.of("bean"))
            .flatMap(write -> write.required("bean"))
            .flatMap(Value::text)
            .map(Write.Bean::new)
        : Optional.of(new Write.Statements(statements(value)));
  }

  private static List<Sql> statements(Value value) {
    return value.oneOrMore().stream().flatMap(statement -> statement.sql().stream()).toList();
  }
}
