package io.undercurrent.execution;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.inChunksOf;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OldSnapshot;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** A transaction that is open for hours keeps every version that a row has had meanwhile. */
@PostgresTest
class OldSnapshotTests {

  private static final int ITERATIONS = 1_500;

  @Test
  void anIterationMeetsFewOfTheVersionsThatItKeeps(Database database) throws Exception {
    createTable(database, "numbers", ITERATIONS);
    try (var snapshot = OldSnapshot.hold(database)) {
      assertThat(snapshot.pid()).isPositive();
      renewTheLeaseForHours(database);
      var renewals = pagesRead(database, "lease");
      new Engine(
              database,
              new ScriptedController().controller(),
              job(inChunksOf(1, counting("numbers", "numbers"))))
          .queue("numbers")
          .finish();
      awaitUpdates(database, "batch_step_execution_context", ITERATIONS);

      assertThat(pages(database, "batch_step_execution_context")).isGreaterThan(100);
      assertThat(pages(database, "batch_step_execution")).isGreaterThan(15);
      assertThat(pages(database, "lease")).isGreaterThan(20);
      assertThat(pagesRead(database, "batch_step_execution_context") / ITERATIONS).isLessThan(20);
      assertThat(pagesRead(database, "batch_step_execution") / ITERATIONS).isLessThan(7);
      assertThat((pagesRead(database, "lease") - renewals) / ITERATIONS).isLessThan(12);
    }
  }

  /** In a session of its own: its figures are to be seen once it has ended. */
  private static void renewTheLeaseForHours(Database database) throws SQLException {
    try (var session = database.connect("renewals")) {
      session
          .createStatement()
          .execute(
              """
              DO $$
              BEGIN
                FOR renewal IN 1..3000 LOOP
                  UPDATE undercurrent.lease
                     SET renewed_at = clock_timestamp(),
                         generation = CAST(extract(epoch FROM clock_timestamp()) AS bigint) / 600
                           - 25 + renewal / 120;
                END LOOP;
              END$$""");
    }
    awaitUpdates(database, "lease", 3_000);
  }

  private static void awaitUpdates(Database database, String table, int updates) {
    Rows.await(
        database,
        "SELECT 1 FROM pg_stat_user_tables WHERE schemaname = 'undercurrent' AND relname = '%s' AND n_tup_upd >= %d"
            .formatted(table, updates));
  }

  private static long pages(Database database, String table) {
    return number(database, "SELECT pg_relation_size('undercurrent.%s') / 8192".formatted(table));
  }

  private static long pagesRead(Database database, String table) {
    return number(
        database,
        """
        SELECT heap_blks_hit + heap_blks_read
          FROM pg_statio_user_tables
         WHERE schemaname = 'undercurrent'
           AND relname = '%s'"""
            .formatted(table));
  }

  private static long number(Database database, String sql) {
    return database.jdbc().sql(sql).query(Long.class).single();
  }
}
