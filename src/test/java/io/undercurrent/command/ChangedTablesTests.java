package io.undercurrent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tables an update of each kind changes. */
@PostgresTest
class ChangedTablesTests {

  private Database database;
  @TempDir private Path directory;

  @BeforeEach
  void createTables(Database database) {
    this.database = database;
    Rows.run(
        database,
        "CREATE SCHEMA \"Shop\"",
        "CREATE TABLE \"Shop\".\"Orders\" (id bigint PRIMARY KEY, n int)",
        "CREATE TABLE days (id bigint PRIMARY KEY, n int, archived bool) PARTITION BY RANGE (id)",
        "CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM (1) TO (100)",
        "CREATE TABLE days_2 PARTITION OF days FOR VALUES FROM (100) TO (200)",
        "CREATE TABLE archive (id bigint, n int, archived bool)",
        "CREATE VIEW latest AS SELECT * FROM days WHERE id > 50");
  }

  @Test
  void areThoseThatAKindNames() throws Exception {
    assertThat(tables("update: {table: '\"Shop\".\"Orders\"', set: {n: 1}}"))
        .containsExactly("\"Shop\".\"Orders\"");
    assertThat(tables("update: {table: days_1, set: {n: 1}}")).containsExactly("public.days_1");
    assertThat(tables("delete: {table: days, where: id < 9, archive-to: archive}"))
        .containsExactly("public.archive", "public.days");
    assertThat(tables("create-index: {table: days, name: days_n, columns: [n]}"))
        .containsExactly("public.days");
    assertThat(tables("not-null: {table: archive, columns: [id]}"))
        .containsExactly("public.archive");
    assertThat(tables("convert-column: {table: archive, column: n, to: bigint, key: [id]}"))
        .containsExactly("public.archive");
    assertThat(
            tables(
                "validate-constraint: {table: archive, constraint: some_n, add: CHECK (n > 0), delete-violating: true, key: [id]}"))
        .containsExactly("public.archive");
  }

  @Test
  void areThoseThatStatementsChange() throws Exception {
    assertThat(
            tables(
                "read: {table: days}",
                "write:",
                "  - UPDATE latest SET n = 1 FROM chunk WHERE latest.id = chunk.id",
                "  - INSERT INTO archive (id) SELECT id FROM chunk JOIN \"Shop\".\"Orders\" USING (id)"))
        .containsExactly("public.archive", "public.days");
    assertThat(
            tables(
                "run:",
                "  - ALTER TABLE IF EXISTS ONLY \"Shop\".\"Orders\" ADD COLUMN m int",
                "  - UPDATE \"Shop\".\"Orders\" SET m = 1",
                "  - CREATE UNIQUE INDEX IF NOT EXISTS archive_id ON archive (id)",
                "  - CREATE INDEX ON elsewhere (id)",
                "  - DELETE FROM days WHERE id IN (SELECT id FROM archive)"))
        .containsExactly("\"Shop\".\"Orders\"", "public.archive", "public.days");
  }

  @Test
  void areNoneWhereNothingChangesOrItIsMaintained() throws Exception {
    assertThat(tables("verify: {table: days, where: n IS NULL}")).isEmpty();
    assertThat(tables("outside-transaction: VACUUM days")).isEmpty();
    assertThat(tables("read: {table: days}", "write: {bean: writer}")).isEmpty();
  }

  private List<String> tables(String... keys) throws Exception {
    var file = directory.resolve("some.yaml");
    Files.writeString(file, "updates:\n  - name: some\n    " + String.join("\n    ", keys) + "\n");
    var update = JobEngine.jobs(directory).get("some").updates().get(0);
    return update.work().tables(database.template(), Map.of());
  }
}
