package io.undercurrent.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.faults.server.PostgresServer;
import io.undercurrent.testing.Rows;
import java.util.List;
import java.util.function.Supplier;

/**
 * What must hold of an update that adds 1 to {@code n} where {@code live}, whatever happens. It
 * asks as a superuser, past every proxy.
 *
 * @param server the one that has the table at present
 * @param table the table, its update and its job
 * @param rows how many the table has
 */
record Oracle(Supplier<PostgresServer> server, String table, int rows) {

  /** Nine rows of ten are live, in no order. */
  void createTable() {
    Rows.run(
        database(),
        "CREATE TABLE %s (id bigint PRIMARY KEY, live boolean NOT NULL, n int NOT NULL DEFAULT 0, hits int NOT NULL DEFAULT 0)"
            .formatted(table),
        "CREATE TABLE %s_visits (item bigint NOT NULL)".formatted(table),
        "INSERT INTO %s SELECT id, id * 7 %% 10 <> 0 FROM generate_series(1, %d) AS id"
            .formatted(table, rows),
        "ALTER TABLE %s OWNER TO application".formatted(table),
        "ALTER TABLE %s_visits OWNER TO application".formatted(table),
        "ANALYZE " + table);
  }

  /**
   * The job that is run on it.
   *
   * @param further lines of its file
   */
  String job(String further) {
    return """
    updates:
      - name: %1$s
        read: {table: %1$s, key: [id], where: live}
        expect: {changed-per-item: 1}
        write: UPDATE %1$s SET n = n + 1 FROM chunk WHERE %1$s.id = chunk.id
    %2$s"""
        .formatted(table, further.indent(4));
  }

  private Database database() {
    return server.get().superuser();
  }

  /** How many chunks have been committed. */
  long commits() {
    return number(
        "SELECT coalesce(sum(commit_count), 0) FROM undercurrent.batch_step_execution WHERE split_part(step_name, ':', 1) = '%s'"
            .formatted(table));
  }

  /** Whether anything of its job is left to do. */
  boolean isQueued() {
    return number(
            "SELECT count(*) FROM undercurrent.background_updates WHERE update_name IN ('%1$s', '%1$s_n')"
                .formatted(table))
        > 0;
  }

  /** How far it has come. */
  long position() {
    return number(
        "SELECT coalesce(max(position), 0) FROM positions WHERE update_name = '%s'"
            .formatted(table));
  }

  /** The rows that were put aside. */
  private long quarantined() {
    return number(
        "SELECT count(*) FROM undercurrent.quarantine WHERE update_name = '%s'".formatted(table));
  }

  private long number(String sql) {
    return Long.parseLong(String.valueOf(Rows.of(database(), sql).get(0)));
  }

  /**
   * The rows that were not written as often as runs have passed them: all of them as of one moment,
   * so that a position ahead of its rows shows, or rows ahead of their position.
   */
  List<String> wrongRows() {
    return Rows.of(
        database(),
        """
        SELECT format('row %%s: n = %%s, passed by %%s runs%%s', id, n, passed,
                      CASE WHEN NOT live THEN ', outside of the filter' END)
          FROM (SELECT id, n, live,
                       (SELECT count(*)
                          FROM unnest(begins, positions) AS slice (begin, position)
                         WHERE begin < id
                           AND id <= position) - coalesce(aside, 0) AS passed
                  FROM %1$s
                 CROSS JOIN (SELECT array_agg(begin) AS begins, array_agg(position) AS positions
                               FROM positions
                              WHERE update_name = '%1$s') AS seen
                  LEFT JOIN (SELECT CAST(key ->> 0 AS bigint) AS id, count(*) AS aside
                               FROM undercurrent.quarantine
                              WHERE update_name = '%1$s'
                              GROUP BY key) AS quarantined USING (id)) AS rows_seen
         WHERE n <> CASE WHEN live THEN passed ELSE 0 END
         ORDER BY id
         LIMIT 5"""
            .formatted(table));
  }

  /** Our transactions that have been open for longer than so many seconds. */
  List<String> oldTransactions(long seconds) {
    return Rows.of(
        database(),
        """
        SELECT format('%%s, %%s since %%s, %%s', application_name, state, xact_start, query)
          FROM pg_stat_activity
         WHERE usename = '%s'
           AND xact_start < clock_timestamp() - interval '%d s'"""
            .formatted(PostgresServer.RUNNER, seconds));
  }

  /** Asserts what must be so when everything is done. */
  void assertDone(Console console) throws Exception {
    assertThat(wrongRows()).as("rows that are wrong").isEmpty();
    var live = number("SELECT count(*) FROM %s WHERE live".formatted(table));
    assertThat(number("SELECT count(*) FROM %s WHERE n = 1".formatted(table)))
        .as("rows that were written once")
        .isEqualTo(live - quarantined());
    assertThat(number("SELECT count(*) FROM " + table)).isEqualTo(rows);
    assertThat(oldTransactions(1)).as("open transactions").isEmpty();
    assertThat(
            Rows.of(
                database(),
                "SELECT CAST(CAST(indexrelid AS regclass) AS text) FROM pg_index WHERE NOT indisvalid"))
        .as("INVALID indexes")
        .isEmpty();
    assertThat(
            Rows.of(
                database(),
                "SELECT status FROM undercurrent.batch_job_execution WHERE end_time IS NULL"))
        .as("executions that have not ended")
        .isEmpty();
    console.assertCompleted(table, rows, live, quarantined());
  }
}
