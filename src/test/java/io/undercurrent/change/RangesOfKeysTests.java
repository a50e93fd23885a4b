package io.undercurrent.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A change by ranges of keys does what it does by the chunk's rows, and counts the same. A comment
 * that names the chunk has it be changed by rows.
 */
@PostgresTest
class RangesOfKeysTests {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update: {table: items, set: {n: n + 1%s}}",
        "update: {table: items, set: {n: n + 1, note: \"concat(note, '.')\"}, where: id %% 3 = 0%s}",
        "update: {table: items, set: {n: 0%s}}",
        "update: {table: items, set: {n: 4%s}, where: n < 5}\n    expect: {changed-per-item: '0..1'}",
        "update: {table: items, set: {note: 'lower(note)%s'}, where: 'id BETWEEN 120 AND 130'}",
        "update: {table: items, key: [room, name], set: {n: n + 1%s}, where: 'n > 3'}",
        "delete: {table: items, where: id %% 2 = 0%s}",
        "delete: {table: items, where: true%s}\n    expect: {changed-per-item: 1}",
        "delete: {table: items, key: [room, name], where: '\"name\" > ''i2''%s'}"
      })
  void endAsChunksOfRowsDo(String job, Database database, @TempDir Path directory)
      throws Exception {
    var changes = new Changes(database, directory);

    var byRange = outcome(changes, job.replace("%s", "").replace("%%", "%"));
    var byRows = outcome(changes, job.replace("%s", " /* chunk */").replace("%%", "%"));

    assertThat(byRange).isEqualTo(byRows).hasSizeGreaterThan(1);
  }

  private static List<@Nullable String> outcome(Changes changes, String job)
      throws InterruptedException {
    Rows.run(
        changes.database(),
        "DROP TABLE IF EXISTS items",
        "CREATE TABLE items (id bigint PRIMARY KEY, room text NOT NULL, name varchar(20) NOT NULL, n int, note text, UNIQUE (room, name))",
        "INSERT INTO items SELECT i, concat('r', i % 3), concat('i', i), i % 7, 'Note' FROM generate_series(1, 250) AS i",
        "VACUUM ANALYZE items");
    changes.run(job.split("\n    "));
    var outcome =
        new ArrayList<>(
            changes.counts().subList(changes.counts().size() - 1, changes.counts().size()));
    outcome.addAll(
        changes.rows(
            "SELECT concat_ws(' ', read_count, matching_count, changed_count, warning) FROM undercurrent.update_history ORDER BY run DESC LIMIT 1"));
    outcome.addAll(changes.rows("SELECT ROW(items.*)::text FROM items ORDER BY id"));
    return outcome;
  }
}
