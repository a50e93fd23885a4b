package io.undercurrent.peers;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all contenders do to the rows of one table.
 *
 * @param create makes the table, by the name {@code work}
 * @param fill puts its rows into it; the rows' number is its parameter
 * @param key what orders and names the rows
 * @param set what is set, as column and expression; null to delete the rows
 * @param where which rows, or null for all
 * @param done a query for the number of rows for which something is left to do
 */
record Workload(
    String name,
    String create,
    String fill,
    List<KeyColumn> key,
    @Nullable Assignment set,
    @Nullable String where,
    String done) {

  /** A column of the key, its type, and a value that is less than all others. */
  record KeyColumn(String name, String type, String least) {}

  /** A column and its new value. */
  record Assignment(String column, String value) {}

  String keys() {
    return key.stream().map(KeyColumn::name).collect(joining(", "));
  }

  /** The one statement that does all of it, on the rows that a condition names. */
  String statement(@Nullable String condition) {
    var head =
        set == null
            ? "DELETE FROM work"
            : "UPDATE work SET %s = %s".formatted(set.column(), set.value());
    var conditions = new ArrayList<String>();
    if (condition != null) {
      conditions.add(condition);
    }
    if (where != null) {
      conditions.add("(" + where + ")");
    }
    return conditions.isEmpty() ? head : head + " WHERE " + String.join(" AND ", conditions);
  }

  /** The same work as an update of a job file. */
  String job(String name, int lanes) {
    var yaml = new StringBuilder("updates:\n  - name: %s\n".formatted(name));
    yaml.append(set == null ? "    delete:\n" : "    update:\n").append("      table: work\n");
    if (set != null) {
      yaml.append("      set: {%s: \"%s\"}\n".formatted(set.column(), set.value()));
    }
    if (where != null) {
      yaml.append("      where: \"%s\"\n".formatted(where));
    }
    if (lanes > 1) {
      yaml.append("    lanes: %d\n".formatted(lanes));
    }
    return yaml.toString();
  }
}
