package io.undercurrent.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.OtherSession;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What operators learn about a job before they start it. */
@PostgresTest
class DryRunVerbTests {

  /** What is in each table, those of the server's own schemas excepted. */
  private static final String CHECKSUMS =
      """
      SELECT format('%s.%s ', schemaname, tablename)
             || (xpath('/table/row/sum/text()', query_to_xml(format(
                  'SELECT md5(string_agg(CAST(t AS text), chr(10) ORDER BY CAST(t AS text))) || count(*) AS sum FROM %I.%I AS t',
                  schemaname, tablename), true, false, '')))[1]
        FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
       ORDER BY 1""";

  private Database database;
  private Path jobs;
  private TestShell shell;

  @BeforeEach
  void open(Database database, @TempDir Path jobs) throws IOException {
    this.database = database;
    this.jobs = jobs;
    Rows.run(
        database,
        "CREATE TABLE halls (id int PRIMARY KEY, n int) WITH (autovacuum_enabled = false)",
        "INSERT INTO halls SELECT i, CASE WHEN i % 4 = 0 THEN 0 END FROM generate_series(1, 20000) AS i");
    define(
        """
          - name: fill
            read: {table: halls, key: [id], where: n IS NULL}
            write: UPDATE halls SET n = 1000000 / (halls.id - 3) FROM chunk WHERE halls.id = chunk.id
            batch: {first: 100, min: 100, max: 200}
        """);
    this.shell = new TestShell(database, jobs);
  }

  private void define(String updates) throws IOException {
    Files.writeString(jobs.resolve("fill.yaml"), "updates:\n" + updates);
  }

  @AfterEach
  void close() {
    shell.close();
  }

  @Test
  void triesEightChunksAndChangesNothing() {
    Rows.run(database, "UPDATE halls SET n = 0 WHERE id = 3");
    shell.perform("start fill");
    var before = checksums();
    assertThat(before)
        .hasSizeGreaterThan(10)
        .anyMatch(table -> table.matches("public.halls .{30,}"));

    assertThat(shell.perform("dry-run fill")).as(shell.err()).isZero();

    assertThat(checksums()).isEqualTo(before);
    assertThat(shell.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(shell.out())
        .containsPattern("AFTER id +ROWS +MATCHING +CHANGED +MS +BUFFERS +WAL")
        .containsPattern("(?m)^2501 +200 +150 +150 +[\\d.]+ +[\\d,]+ +\\d+ kB$")
        .containsPattern("(?m)^17501 +200 +150 +150 ")
        .containsPattern("(?m)^rows to walk +20,000$")
        .containsPattern("(?m)^rows to change +(about )?15,000$")
        .containsPattern("(?m)^WAL +\\S+ [kM]B to \\S+ [kM]B$")
        .endsWith("Nothing was changed: each chunk was rolled back.\n");
    assertThat(shell.out().lines().filter(line -> line.matches("\\S.* +200 +1\\d\\d .*")))
        .hasSize(8);
  }

  private List<@Nullable String> checksums() {
    return Rows.of(database, CHECKSUMS);
  }

  @Test
  void estimatesWhatARunThenDoes() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE seats (hall int, seat text, n int, PRIMARY KEY (hall, seat)) PARTITION BY HASH (hall)",
        "CREATE TABLE seats_0 PARTITION OF seats FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
        "CREATE TABLE seats_1 PARTITION OF seats FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        "INSERT INTO seats SELECT CASE WHEN i % 10 < 8 THEN 1 ELSE i % 50 END, 's' || i FROM generate_series(1, 8000) AS i",
        "ANALYZE seats");
    define(
        """
          - name: seats
            read: {table: seats, key: [hall, seat], where: "seat LIKE '%1' OR hall > 20"}
            write: UPDATE seats SET n = 1 FROM chunk WHERE seats.hall = chunk.hall AND seats.seat = chunk.seat
            batch: {first: 100, min: 100, max: 150}
          - name: old_halls
            read: {sql: SELECT id FROM halls WHERE id % 2 = 0, key: [id]}
            write: DELETE FROM halls USING chunk WHERE halls.id = chunk.id
            batch: {first: 100, min: 100, max: 100}
          - name: few
            read: {sql: "SELECT DISTINCT hall + 1 AS next FROM seats", key: [next]}
            write: INSERT INTO halls SELECT -next FROM chunk
            depends-on: []
        """);
    var estimates = estimates();

    assertThat(shell.perform("start fill")).isZero();
    shell.startRunner();
    shell.awaitEmptyQueue();

    shell.perform("history --json");
    for (var run : JsonMapper.shared().readTree(shell.out())) {
      var name = run.path("update").asString();
      var estimate = estimates.get(name);
      for (var figure : List.of("walked", "changed")) {
        assertThat(estimate.path(figure).path("likely").asDouble())
            .as(name + " " + figure)
            .isBetween(run.path(figure).asLong() / 2.0, run.path(figure).asLong() * 2.0);
      }
    }
    assertThat(estimates.get("few").path("walked").path("most").asLong()).isEqualTo(11);
  }

  private Map<String, JsonNode> estimates() {
    assertThat(shell.perform("dry-run fill --json")).as(shell.err()).isZero();
    return JsonMapper.shared()
        .readTree(shell.out())
        .path("updates")
        .valueStream()
        .collect(
            Collectors.toMap(
                update -> update.path("update").asString(), update -> update.path("estimate")));
  }

  @Test
  void namesTheRowOnWhichAChunkFailsAndTriesTheOthers() throws IOException {
    Rows.run(database, "ALTER TABLE halls ADD CONSTRAINT bad CHECK (id <> 10050 OR n IS NULL)");

    assertThat(shell.perform("dry-run fill")).isOne();

    assertThat(shell.out())
        .contains("Failed: division by zero (SQLSTATE 22012), at the key [3]")
        .containsPattern("Failed: .*\"bad\".*, at the key \\[10050]")
        .containsPattern("(?m)^the beginning +failed +- +- +[\\d.]+ +- +-$")
        .containsPattern("(?m)^17501 +200 +150 +150 ");
    assertThat(shell.err()).endsWith("2 chunks cannot be done as they are now.\n");
  }

  @Test
  void waitsForALockNoLongerThanARunWould() throws Exception {
    Rows.run(database, "UPDATE halls SET n = 0 WHERE id = 3");
    try (var other = OtherSession.begin(database)) {
      other.run("UPDATE halls SET n = 7 WHERE id = 12550");

      assertThat(shell.perform("dry-run fill")).isOne();
    }

    assertThat(shell.out().replaceAll("\\s+", " "))
        .contains("lock timeout (SQLSTATE 55P03), in the chunk after [12501]")
        .doesNotContain("after [15001]");
    assertThat(shell.err()).endsWith("1 chunk cannot be done as it is now.\n");
  }

  @Test
  void triesLessWhereAChunkTakesTooLong() throws IOException {
    // the first one does take its time, and the others fail as if they did
    Rows.run(
        database,
        """
        CREATE FUNCTION slow(items bigint, first int) RETURNS int LANGUAGE plpgsql AS $$
        BEGIN
          IF items > 20 AND first = 1 THEN
            PERFORM pg_sleep(60);
          ELSIF items > 20 THEN
            RAISE query_canceled;
          END IF;
          RETURN 1;
        END $$""");
    define(
        """
          - name: slow
            read: {table: halls, key: [id]}
            write: UPDATE halls SET n = 1 FROM chunk, slow((SELECT count(*) FROM chunk), (SELECT min(id) FROM chunk)) WHERE halls.id = chunk.id
            statement-timeout: 500ms
            batch: {first: 80, min: 80, max: 80}
        """);

    assertThat(shell.perform("dry-run fill")).as(shell.err()).isZero();

    assertThat(shell.out().lines().filter(line -> line.matches("\\S.* +20 +20 .*"))).hasSize(8);
  }

  @Test
  void explainsWhatIsDoneAtOnceAndWhatHasToComeBefore() throws IOException {
    define(
        """
          - name: column
            run: ["ALTER TABLE halls ADD COLUMN m int", "DELETE FROM halls WHERE n = 0", "UPDATE halls SET m = 2"]
          - name: fill
            read: {table: halls, key: [id], where: m IS NULL}
            write: UPDATE halls SET m = 1 FROM chunk WHERE halls.id = chunk.id
          - name: halls_n
            create-index: {table: halls, name: halls_n, columns: [n]}
          - name: upstairs
            update: {table: floors, set: {n: 1}}
        """);
    Rows.run(database, "CREATE TABLE floors (id int PRIMARY KEY, n int)");

    assertThat(shell.perform("dry-run fill")).as(shell.err()).isZero();

    assertThat(shell.out().replaceAll("\\s+", " "))
        .contains("column on master It is done at once, in one transaction, and so was not tried")
        .contains("Statement 1 of 3, ALTER TABLE: has no plan")
        .containsPattern("Statement 2 of 3, DELETE: changes rows of halls, about [\\d,]+ rows by")
        .contains("Statement 3 of 3, UPDATE: cannot be planned yet: column \"m\" of relation")
        .contains("It can be tried when 'column' has run: column \"m\" does not exist")
        .contains("upstairs on master There is no row to walk along, so nothing was tried.")
        .contains("halls_n on master It is done at once, and so was not tried: one-shot: an index");
    assertThat(Rows.of(database, "SELECT FROM pg_class WHERE relname = 'halls_n'")).isEmpty();
  }

  @Test
  void triesEveryKindThatIsInChunks() throws IOException {
    define(
        """
          - name: set
            update: {table: halls, set: {n: id + 1}, where: n IS NULL}
          - name: taken_away
            delete: {table: halls, where: n = 0}
            depends-on: []
          - name: verified
            verify: {table: halls, where: id < 0}
            depends-on: []
          - name: downwards
            read: {table: halls, key: [id], order: desc, from: 8000}
            write: UPDATE halls SET n = 1 FROM chunk WHERE halls.id = chunk.id
            batch: {first: 50, min: 50, max: 50}
            depends-on: []
          - name: converted
            convert-column: {table: halls, column: n, to: bigint, swap: manual}
            depends-on: []
        """);
    var before = checksums();

    assertThat(shell.perform("dry-run fill --json")).as(shell.err()).isZero();

    var updates = JsonMapper.shared().readTree(shell.out()).path("updates");
    assertThat(updates.findValuesAsString("update"))
        .containsExactly("set", "taken_away", "verified", "downwards", "converted");
    assertThat(updates.valueStream().map(update -> likely(update, "walked")))
        .usingElementComparator(ABOUT)
        .containsExactly(20_000L, 20_000L, 20_000L, 8_000L, 0L);
    assertThat(updates.valueStream().map(update -> likely(update, "changed")))
        .usingElementComparator(ABOUT)
        .containsExactly(15_000L, 5_000L, 0L, 8_000L, 0L);
    assertThat(updates.path(3).path("chunks").path(1).path("after").path(0).asInt())
        .isBetween(6900, 7100);
    assertThat(updates.path(4).path("remarks").toString()).contains("once it has begun");
    assertThat(checksums()).isEqualTo(before);
  }

  /** A sample of blocks tells the number of rows, as soon as dead rows have made a table large. */
  private static final Comparator<Long> ABOUT =
      (found, expected) ->
          Math.abs(found - expected) * 5 <= expected ? 0 : Long.compare(found, expected);

  private static long likely(JsonNode update, String figure) {
    return Math.round(update.path("estimate").path(figure).path("likely").asDouble());
  }

  @Test
  void needsNoSchemaOfOursAndLeavesNone() throws IOException {
    Rows.run(database, "UPDATE halls SET n = 0 WHERE id = 3", "DROP SCHEMA undercurrent CASCADE");

    assertThat(shell.perform("dry-run fill")).as(shell.err()).isZero();

    assertThat(Rows.of(database, "SELECT FROM pg_namespace WHERE nspname = 'undercurrent'"))
        .isEmpty();
  }

  @Test
  void isRefusedWhereTheCheckFindsProblemsAndWhereNothingCanBeWritten() throws IOException {
    define(
        """
          - name: fill
            read: {table: hals, key: [id]}
            write: UPDATE halls SET n = 1 FROM chunk WHERE halls.id = chunk.id
        """);
    assertThat(shell.perform("dry-run fill")).isOne();
    assertThat(shell.err())
        .startsWith("Job 'fill' cannot be tried on 'master':")
        .contains("\"hals\" does not exist");

    Rows.run(
        database,
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$");
    assertThat(shell.perform("dry-run fill")).isOne();
    assertThat(shell.err()).contains("The server accepts no writes: default_transaction_read_only");
  }
}
