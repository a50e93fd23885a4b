package io.undercurrent.rows;

import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.inChunksOf;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.statements;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.bean.Row;
import io.undercurrent.database.Database;
import io.undercurrent.iteration.Beans;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.kind.Work;
import io.undercurrent.page.Read;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemWriter;

@PostgresTest
class ChunkTests {

  private static final String COUNT_UP =
      "UPDATE numbers SET n = numbers.n + 1 FROM chunk WHERE numbers.id = chunk.id";
  private static final Read NUMBERS = new Read.Table("numbers", List.of("id"), null);

  private final Map<String, Object> beans = new ConcurrentHashMap<>();

  @BeforeEach
  void createNumbers(Database database) {
    createTable(database, "numbers", 250);
  }

  @Test
  void countsKeysWalkedAsReadAndThoseThatDoNotMatchAsFiltered(Database database) throws Exception {
    var where = new Sql("id IN (7, 100, 101)", 1);

    run(
        database,
        new ReadWrite(new Read.Table("numbers", List.of("id"), where), null, statements(COUNT_UP)));

    assertThat(values(database)).containsExactly("0 in 247 rows", "1 in 3 rows");
    assertThat(counts(database))
        .containsExactly("COMPLETED: 250 read, 247 filtered, 3 written, 3 commits, 0 rollbacks");
  }

  @Test
  void needsNoIterationBehindAFullLastChunk(Database database) throws Exception {
    Rows.run(database, "DELETE FROM numbers WHERE id > 200");

    run(database, new ReadWrite(NUMBERS, null, statements(COUNT_UP)));

    assertThat(counts(database))
        .containsExactly("COMPLETED: 200 read, 0 filtered, 200 written, 2 commits, 0 rollbacks");
  }

  @Test
  void endsAlthoughItsWriteAddsRowsAfterThoseThatItReads(Database database) throws Exception {
    run(
        database,
        new ReadWrite(
            NUMBERS, null, statements("INSERT INTO numbers (id) SELECT id + 250 FROM chunk")));

    assertThat(values(database)).containsExactly("0 in 500 rows");
    assertThat(counts(database))
        .containsExactly("COMPLETED: 250 read, 0 filtered, 250 written, 3 commits, 0 rollbacks");
  }

  @Test
  void isDoneAtOnceWhereThereIsNothingToRead(Database database) throws Exception {
    Rows.run(database, "DELETE FROM numbers");

    run(database, new ReadWrite(NUMBERS, null, statements(COUNT_UP)));

    assertThat(counts(database))
        .containsExactly("COMPLETED: 0 read, 0 filtered, 0 written, 0 commits, 0 rollbacks");
  }

  @Test
  void keepsTheEndOfTheRunOverARestart(Database database) throws Exception {
    Rows.run(database, "ALTER TABLE numbers ADD CONSTRAINT poison CHECK (id <> 50 OR n = 0)");
    fail(database, new ReadWrite(NUMBERS, null, statements(COUNT_UP)));

    Rows.run(
        database,
        "INSERT INTO numbers SELECT generate_series(251, 300)",
        "ALTER TABLE numbers DROP CONSTRAINT poison",
        "UPDATE undercurrent.runs SET given_up_at = NULL");
    engine(database, new ReadWrite(NUMBERS, null, statements(COUNT_UP))).finish();

    assertThat(values(database)).containsExactly("0 in 50 rows", "1 in 250 rows");
  }

  @Test
  void letsABeanChangeRowsAndLeaveThemOut(Database database) throws Exception {
    ItemProcessor<Row, Row> evenOnesTimesTen =
        row -> {
          var id = Integer.parseInt(String.valueOf(row.get("id")));
          return id % 2 == 0 ? row.with("n", String.valueOf(10 * id)) : null;
        };
    beans.put("evenOnesTimesTen", evenOnesTimesTen);

    run(
        database,
        new ReadWrite(
            query("SELECT id, n FROM numbers"),
            "evenOnesTimesTen",
            statements("UPDATE numbers SET n = chunk.n FROM chunk WHERE numbers.id = chunk.id")));

    assertThat(Rows.of(database, "SELECT id FROM numbers WHERE n = 10 * id ORDER BY id LIMIT 2"))
        .containsExactly("2", "4");
    assertThat(counts(database))
        .containsExactly("COMPLETED: 250 read, 125 filtered, 125 written, 3 commits, 0 rollbacks");
  }

  @Test
  void letsABeanWrite(Database database) throws Exception {
    var written = new CopyOnWriteArrayList<String>();
    ItemWriter<Row> list =
        chunk -> written.add(chunk.size() + " from " + chunk.getItems().get(0).get("id"));
    beans.put("list", list);

    run(database, new ReadWrite(NUMBERS, null, new Write.Bean("list")));

    assertThat(written).containsExactly("100 from 1", "100 from 101", "50 from 201");
  }

  @Test
  void saysWhichBeanIsMissing(Database database) throws Exception {
    var error = fail(database, new ReadWrite(NUMBERS, "upper", statements(COUNT_UP)));

    assertThat(error).isEqualTo("expected a bean 'upper' of type ItemProcessor, found none");
  }

  @Test
  void locksRowsUntilTheyAreWritten(Database database) throws Exception {
    var seen = new CopyOnWriteArrayList<@Nullable String>();
    ItemProcessor<Row, Row> look =
        row -> {
          if ("1".equals(row.get("id"))) {
            seen.addAll(unlocked(database, "FOR NO KEY UPDATE"));
            seen.addAll(unlocked(database, "FOR KEY SHARE"));
          }
          return row;
        };
    beans.put("look", look);

    run(database, new ReadWrite(query("SELECT id, n FROM numbers"), "look", statements(COUNT_UP)));

    // The chunk and the row after it, at which the reader has looked as well.
    assertThat(seen).containsExactly("149 from 102", "250 from 1");
  }

  @Test
  void saysThatAQueryCannotLockWhatItReads(Database database) throws Exception {
    var error =
        fail(
            database,
            new ReadWrite(query("SELECT DISTINCT id, n FROM numbers"), null, statements(COUNT_UP)));

    assertThat(error)
        .isEqualTo(
            "expected a query whose rows can be locked, since it reads more than its key: [n]. Found: FOR NO KEY UPDATE is not allowed with DISTINCT clause (SQLSTATE 0A000). Read only the key, and look up the rest in 'write'");
  }

  @Test
  void goesOnBehindTheLastCommittedChunkAfterAFailure(Database database) throws Exception {
    Rows.run(database, "ALTER TABLE numbers ADD CONSTRAINT poison CHECK (id <> 150 OR n = 0)");
    var error = fail(database, new ReadWrite(NUMBERS, null, statements(COUNT_UP)));

    Rows.run(
        database,
        "ALTER TABLE numbers DROP CONSTRAINT poison",
        "UPDATE undercurrent.runs SET given_up_at = NULL");
    engine(database, new ReadWrite(NUMBERS, null, statements(COUNT_UP))).finish();

    assertThat(error)
        .isEqualTo(
            "new row for relation \"numbers\" violates check constraint \"poison\": Failing row contains (150, 1). (SQLSTATE 23514), at the key [150]");
    assertThat(values(database)).containsExactly("1 in 250 rows");
    assertThat(counts(database))
        .containsExactly(
            "FAILED: 149 read, 0 filtered, 149 written, 7 commits, 3 rollbacks",
            "COMPLETED: 101 read, 0 filtered, 101 written, 2 commits, 0 rollbacks");
  }

  @Test
  void boundsItsStatementsByTheTarget(Database database) throws Exception {
    Rows.run(database, "CREATE TABLE seen (what text)");
    var work =
        new ReadWrite(
            query("SELECT 1 AS id"),
            null,
            statements(
                """
                INSERT INTO seen
                SELECT name || ' ' || current_setting(name)
                  FROM chunk, unnest(ARRAY['lock_timeout', 'statement_timeout',
                                           'idle_in_transaction_session_timeout']) AS name"""));
    var script = new ScriptedController().target(Duration.ofSeconds(1));

    new Engine(database, script.controller(), job(update("numbers", work)))
        .queue("numbers")
        .finish();

    assertThat(Rows.of(database, "SELECT what FROM seen"))
        .containsExactly(
            "lock_timeout 500ms",
            "statement_timeout 3500ms",
            "idle_in_transaction_session_timeout 20s");
  }

  private void run(Database database, Work work) throws InterruptedException {
    engine(database, work).queue("numbers").finish();
  }

  /** Runs until the first failure, and returns what it says. */
  private @Nullable String fail(Database database, Work work) throws InterruptedException {
    try (var engine = engine(database, work)) {
      return engine.queue("numbers").steps().queue.find("numbers").orElseThrow().lastError();
    }
  }

  private Engine engine(Database database, Work work) {
    UpdateDefinition numbers = inChunksOf(100, update("numbers", work));
    return new Engine(
        database, new ScriptedController().controller(), new MapBeans(), job(numbers));
  }

  private static Read query(String sql) {
    return new Read.Query(new Sql(sql, 1), List.of("id"));
  }

  private static List<@Nullable String> unlocked(Database database, String lock) {
    return Rows.of(
        database,
        "SELECT count(*) || ' from ' || min(id) FROM (SELECT id FROM numbers %s SKIP LOCKED) q"
            .formatted(lock));
  }

  private static List<@Nullable String> values(Database database) {
    return Rows.of(
        database, "SELECT n || ' in ' || count(*) || ' rows' FROM numbers GROUP BY n ORDER BY n");
  }

  private static List<@Nullable String> counts(Database database) {
    return Rows.of(
        database,
        """
        SELECT format('%s: %s read, %s filtered, %s written, %s commits, %s rollbacks',
                      status, read_count, filter_count, write_count, commit_count, rollback_count)
          FROM undercurrent.batch_step_execution
         ORDER BY step_execution_id""");
  }

  /** The beans of this test. */
  private final class MapBeans implements Beans {

    @Override
    public <T> T get(String name, Class<T> type) {
      return beans.containsKey(name) ? type.cast(beans.get(name)) : NONE.get(name, type);
    }
  }
}
