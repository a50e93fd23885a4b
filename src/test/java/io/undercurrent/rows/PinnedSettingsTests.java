package io.undercurrent.rows;

import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.statements;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.undercurrent.command.JobCheck;
import io.undercurrent.command.ShippedKinds;
import io.undercurrent.database.Database;
import io.undercurrent.iteration.Beans;
import io.undercurrent.job.Jobs;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.page.Read;
import io.undercurrent.run.RunStatements;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.Settings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@PostgresTest
class PinnedSettingsTests {

  private static final String UNSAFE =
      "expected another zero_damaged_pages than on, with which rows on damaged pages would be skipped. Reset it with: ALTER ROLE or ALTER DATABASE ... RESET zero_damaged_pages";

  private final ScriptedController script = new ScriptedController().batchSizes(100, 100);

  @Test
  void copiesFloatsAsTheyAre(Database database) throws Exception {
    Settings.ofDatabase(database, "extra_float_digits", "0");
    Rows.run(
        database,
        "CREATE TABLE measured (id int PRIMARY KEY, x float8, y float8)",
        "INSERT INTO measured SELECT i, sqrt(i) FROM generate_series(1, 300) AS i");

    run(
        database,
        query("SELECT id, x FROM measured", "id"),
        "UPDATE measured SET y = chunk.x FROM chunk WHERE measured.id = chunk.id");

    assertThat(Rows.of(database, "SELECT count(*) FROM measured WHERE x = y"))
        .containsExactly("300");
  }

  @Test
  void walksAllFloatsOfAKey(Database database) throws Exception {
    Settings.ofDatabase(database, "extra_float_digits", "-5");
    Rows.run(
        database,
        "CREATE TABLE measured (x float8 PRIMARY KEY, n int DEFAULT 0)",
        "INSERT INTO measured SELECT 1 + i * 1e-14 FROM generate_series(1, 300) AS i");

    run(
        database,
        new Read.Table("measured", List.of("x"), null),
        "UPDATE measured SET n = n + 1 FROM chunk WHERE measured.x = chunk.x");

    assertThat(Rows.of(database, "SELECT count(*) FROM measured WHERE n = 1"))
        .containsExactly("300");
  }

  @Test
  void keepsNullsApartFromTexts(Database database) throws Exception {
    Settings.ofDatabase(database, "array_nulls", "off");
    Rows.run(
        database,
        "CREATE TABLE names (id int PRIMARY KEY, name text, copy text DEFAULT 'none')",
        "INSERT INTO names VALUES (1, NULL), (2, 'NULL')");

    run(
        database,
        query("SELECT id, name FROM names", "id"),
        "UPDATE names SET copy = chunk.name FROM chunk WHERE names.id = chunk.id");

    assertThat(Rows.of(database, "SELECT copy FROM names ORDER BY id"))
        .containsExactly(null, "NULL");
  }

  @Test
  void seesAllRowsOfAGinIndex(Database database) throws Exception {
    Settings.ofDatabase(database, "gin_fuzzy_search_limit", "100");
    Settings.ofDatabase(database, "enable_seqscan", "off");
    Settings.ofDatabase(database, "enable_indexscan", "off");
    Rows.run(
        database,
        "CREATE TABLE posts (id int PRIMARY KEY, tags int[], n int DEFAULT 0)",
        "INSERT INTO posts SELECT i, ARRAY[i % 2] FROM generate_series(1, 4000) AS i",
        "CREATE INDEX ON posts USING gin (tags)");

    run(
        database,
        query("SELECT id FROM posts WHERE tags @> ARRAY[1]", "id"),
        "UPDATE posts SET n = n + 1 FROM chunk WHERE posts.id = chunk.id");

    assertThat(Rows.of(database, "SELECT count(*) FROM posts WHERE n = 1")).containsExactly("2000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytea_output          | escape       | CAST(decode('00ff', 'hex') AS text)    | \\x00ff",
        "IntervalStyle         | iso_8601     | CAST(interval '1 day' AS text)         | 1 day",
        "DateStyle             | SQL, DMY     | CAST(date '2026-11-29' AS text)        | 2026-11-29",
        "TimeZone              | Asia/Tokyo   | CAST(to_timestamp(0) AS text)          | 1970-01-01 00:00:00+00",
        "xmloption             | document     | CAST(CAST('a' AS xml) AS text)         | a",
        "xmlbinary             | hex          | CAST(xmlforest('a'::bytea AS x) AS text) | <x>YQ==</x>",
        "quote_all_identifiers | on           | quote_ident('a')                       | a",
        "transform_null_equals | on           | CAST(NULL = 1 IS NULL AS text)         | true",
        "idle_session_timeout  | 1h           | current_setting('idle_session_timeout') | 0",
        "standard_conforming_strings | off | concat('a\\\\b') | a\\\\b",
      })
  void pins(String name, String value, String sql, String text, Database database)
      throws Exception {
    Settings.ofDatabase(database, name, value);
    Rows.run(database, "CREATE TABLE seen (what text)");

    finish(database, runOnce("INSERT INTO seen SELECT " + sql));

    assertThat(Rows.of(database, "SELECT what FROM seen")).containsExactly(text);
  }

  @Test
  void leavesTheAuthorsMeaningAlone(Database database) throws Exception {
    Settings.ofDatabase(database, "default_text_search_config", "pg_catalog.german");
    Settings.ofDatabase(database, "search_path", "app");
    Rows.run(database, "CREATE SCHEMA app", "CREATE TABLE app.seen (what text)");

    finish(
        database, runOnce("INSERT INTO seen SELECT current_setting('default_text_search_config')"));

    assertThat(Rows.of(database, "SELECT what FROM app.seen")).containsExactly("pg_catalog.german");
  }

  @Test
  void isNotCutByATransactionTimeoutOfTheRole(Database database) throws Exception {
    var version = Rows.of(database, "SHOW server_version_num").get(0);
    assumeTrue(Integer.parseInt(String.valueOf(version)) >= 170000, "PostgreSQL 17 has it");
    Settings.ofDatabase(database, "transaction_timeout", "400ms");
    Rows.run(database, "CREATE TABLE seen (what text)");

    finish(database, runOnce("INSERT INTO seen SELECT 'slept' FROM pg_sleep(0.8)"));

    assertThat(Rows.of(database, "SELECT what FROM seen")).containsExactly("slept");
    assertThat(Rows.of(database, "SELECT status FROM undercurrent.batch_job_execution"))
        .containsExactly("COMPLETED");
  }

  @Test
  void doesNotRunWhereDamagedPagesWouldBePassedOver(Database database) throws Exception {
    Settings.ofDatabase(database, "zero_damaged_pages", "on");

    try (var engine = engine(database, runOnce("SELECT 1"))) {
      engine.queue("update").steps();
    }
    assertThat(lastError(database)).isEqualTo(UNSAFE);
  }

  @Test
  void tellsInACheckThatDamagedPagesWouldBePassedOver(Database database, @TempDir Path jobs) {
    Settings.ofDatabase(database, "zero_damaged_pages", "on");

    var report =
        new JobCheck(new Jobs(ShippedKinds.all(), jobs, name -> null), database, Beans.NONE)
            .check(null);

    assertThat(report.problems()).containsExactly("Database 'master': " + UNSAFE);
  }

  private static @Nullable String lastError(Database database) {
    return Rows.of(database, "SELECT max(last_error) FROM undercurrent.runs").get(0);
  }

  private void run(Database database, Read read, String sql) throws Exception {
    finish(database, update("update", new ReadWrite(read, null, statements(sql))));
  }

  private void finish(Database database, UpdateDefinition update) throws Exception {
    engine(database, update).queue("update").finish();
  }

  private Engine engine(Database database, UpdateDefinition update) {
    return new Engine(database, script.controller(), job(update));
  }

  private static UpdateDefinition runOnce(String sql) {
    return update("update", new RunStatements(List.of(new Sql(sql, 1))));
  }

  private static Read query(String sql, String key) {
    return new Read.Query(new Sql(sql, 1), List.of(key));
  }
}
