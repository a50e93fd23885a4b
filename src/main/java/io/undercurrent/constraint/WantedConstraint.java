package io.undercurrent.constraint;

import io.undercurrent.kind.Description;
import io.undercurrent.kind.Fixed;
import io.undercurrent.kind.Part;
import io.undercurrent.sql.Sql;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a job file says about a constraint that is to be valid.
 *
 * @param table the table, as written in SQL
 * @param name the constraint
 * @param add its definition, or null if it is there
 * @param deletes whether rows that violate it are deleted
 * @param key what orders and names the rows then; empty for the primary key
 * @param line where it stands in its file
 */
record WantedConstraint(
    String table,
    String name,
    @Fixed @Nullable Sql add,
    @Part("delete-violating") boolean deletes,
    List<String> key,
    int line) {

  Optional<AddedConstraint> added(Map<String, Object> values) {
    return Optional.ofNullable(add).map(definition -> AddedConstraint.of(definition, values));
  }

  Description describe(String summary, Function<Sql, String> shortened) {
    var description =
        Description.of("validate-constraint", summary)
            .fact("table", table)
            .fact("constraint", name)
            .field("table", table)
            .field("constraint", name)
            .field("add", add == null ? null : add.text())
            .field("delete_violating", deletes);
    if (add != null) {
      description.fact("adds", shortened.apply(add) + " NOT VALID, unless it is there");
    }
    return description.fact(
        "then", "ALTER TABLE %s %s".formatted(table, Constraint.validate(name)));
  }
}
