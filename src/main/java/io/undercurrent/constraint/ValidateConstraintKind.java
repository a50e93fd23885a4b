package io.undercurrent.constraint;

import io.undercurrent.kind.UpdateKind;
import io.undercurrent.kind.Work;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.SqlTemplate;
import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Shape;
import io.undercurrent.yaml.Shape.Key;
import io.undercurrent.yaml.Value;
import java.util.List;
import java.util.Optional;

/** Updates that validate a constraint, and may add it first. */
public final class ValidateConstraintKind implements UpdateKind {

  private static final String KEY = "validate-constraint";

  private static final Shape.Mapping SHAPE =
      Shape.mapping(
          Key.required("table", Shape.TEXT, "the table, as written in SQL"),
          Key.required("name", Shape.TEXT, "the constraint"),
          Key.optional("add", Shape.SQL, "what it is, if it is not there: CHECK or FOREIGN KEY"),
          Key.optional(
              "delete-violating",
              Shape.FLAG,
              "whether rows that violate it are deleted, in chunks"),
          Key.optional("key", Shape.COLUMNS, "what orders and names the rows then"));

  @Override
  public List<Key> keys() {
    return List.of(
        Key.required(
            KEY, SHAPE, "adds and validates a CHECK or a foreign key, without long locks"));
  }

  @Override
  public String example() {
    return """
        - name: edges_fk
          validate-constraint:
            table: edges
            name: edges_event_fk
            add: FOREIGN KEY (event_id) REFERENCES events
            delete-violating: true
        """;
  }

  @Override
  public Optional<Work> read(Section update) {
    NotNullKind.refuseOthersKeys(update, KEY);
    return update.value(KEY).flatMap(value -> value.section(SHAPE)).flatMap(this::work);
  }

  private Optional<Work> work(Section section) {
    var table = section.value("table").flatMap(Value::text);
    var name = section.value("name").flatMap(Value::text);
    var add = section.value("add").flatMap(Value::sql);
    var deletes = section.value("delete-violating").flatMap(Value::flag).orElse(false);
    var key = section.value("key").map(Value::columns).orElse(List.of());
    if (section.has("key") && !deletes) {
      section.problemAt(
          "key", "'key' goes with 'delete-violating: true': only then rows are walked");
    }
    name.ifPresent(text -> NotNullKind.refuseLongName(section, "name", text));
    add.ifPresent(sql -> refuseOtherConstraints(section, sql));
    return table.flatMap(
        of ->
            name.map(
                called -> {
                  var wanted =
                      new WantedConstraint(
                          of, called, add.orElse(null), deletes, key, section.line());
                  return deletes ? new DeleteViolating(wanted) : new ValidateConstraint(wanted);
                }));
  }

  private static void refuseOtherConstraints(Section section, Sql add) {
    var constraint =
        new AddedConstraint(add.text(), new SqlTemplate(add.text(), List.of()).tokens());
    switch (constraint.keyword()) {
      case "CHECK", "FOREIGN" -> {
        if (constraint.has("NOT", "ENFORCED")) {
          section.problemAt(
              "add", "'add': expected a constraint that is enforced, found NOT ENFORCED");
        }
      }
      case "UNIQUE", "PRIMARY", "EXCLUDE" ->
          section.problemAt(
              "add",
              "'add': expected CHECK or FOREIGN KEY, found %s, which cannot be NOT VALID. Build its index with 'create-index:', then: 'run: ALTER TABLE ... ADD CONSTRAINT ... USING INDEX ...'",
              constraint.keyword());
      case "NOT" ->
          section.problemAt(
              "add", "'add': expected CHECK or FOREIGN KEY, found NOT NULL. Use 'not-null:'");
      case "CONSTRAINT" ->
          section.problemAt(
              "add", "'add': expected what follows the constraint's name, which is in 'name'");
      default ->
          section.problemAt(
              "add",
              "'add': expected CHECK (...) or FOREIGN KEY (...) REFERENCES ..., found '%s'",
              constraint.keyword());
    }
  }
}
