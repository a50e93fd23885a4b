package io.undercurrent.verify;

import io.undercurrent.kind.UpdateKind;
import io.undercurrent.kind.Work;
import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Shape;
import io.undercurrent.yaml.Shape.Key;
import io.undercurrent.yaml.Value;
import java.util.List;
import java.util.Optional;

/** Updates that verify, in chunks, that there is no row of some sort. */
public final class VerifyKind implements UpdateKind {

  private static final String KEY = "verify";

  private static final Shape.Mapping SHAPE =
      Shape.mapping(
          Key.optional("table", Shape.TEXT, "the table to walk along, as written in SQL"),
          Key.optional("where", Shape.SQL, "which rows must not be there"),
          Key.optional("sql", Shape.SQL, "in place of both, a query that must find no rows"),
          Key.optional(
              "key",
              Shape.COLUMNS,
              "what orders and names the rows; of a table its primary key, if left out"));

  @Override
  public List<Key> keys() {
    return List.of(
        Key.required(KEY, SHAPE, "rows that must not be there; the run fails if any is"));
  }

  @Override
  public String example() {
    return """
        - name: no_empty_region
          verify: {table: orders, where: region IS NULL}
        """;
  }

  @Override
  public Optional<Work> read(Section update) {
    if (update.has("on-error")) {
      update.problemAt(
          "on-error",
          "'on-error' does not go with 'verify': rows that were put aside would not be verified");
    }
    return update.value(KEY).flatMap(value -> value.section(SHAPE)).flatMap(VerifyKind::work);
  }

  private static Optional<Work> work(Section verify) {
    var key = verify.value("key").map(Value::columns).orElse(List.of());
    var table = verify.value("table").flatMap(Value::text);
    var where = verify.value("where").flatMap(Value::sql);
    var sql = verify.value("sql").flatMap(Value::sql);
    if (verify.has("sql")) {
      List.of("table", "where").stream()
          .filter(verify::has)
          .forEach(other -> verify.problemAt(other, "'sql' and '%s' exclude each other", other));
      if (!verify.has("key")) {
        verify.problem("missing key 'key': the columns that order the rows and name each of them");
      }
      return sql.map(query -> new Verification.OfQuery(query, key));
    }
    if (!verify.has("table")) {
      verify.problem("missing key 'table' or 'sql'");
    } else if (!verify.has("where")) {
      verify.problem("missing key 'where': which rows must not be there");
    }
    return table.flatMap(
        name -> where.map(condition -> new Verification.OfTable(name, key, condition)));
  }
}
