package io.undercurrent.history;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Removes old runs with what Spring Batch knows of them, old records of operators' changes, and
 * what runs have done by the minute long ago.
 *
 * <p>What stays: runs that have not ended, runs of which an execution has not ended or a row is in
 * quarantine, and of each update the newest run, from whose number the next one counts on. A number
 * that came back would find the old run's job instance.
 */
public final class Purge {

  private static final int RUNS_AT_ONCE = 100;
  private static final int ACTIONS_AT_ONCE = 1_000;
  private static final int SAMPLES_AT_ONCE = 10_000;

  /** The sets are made first: without statistics the planner would look through them per run. */
  private static final String OLD_RUNS =
      """
      WITH newest AS MATERIALIZED (
        SELECT update_name, max(run) AS run
          FROM undercurrent.runs
         GROUP BY update_name
      ),
      live AS MATERIALIZED (
        SELECT update_name, run
          FROM undercurrent.run_executions
         WHERE status IN ('STARTING', 'STARTED', 'STOPPING', 'UNKNOWN')
      ),
      quarantined AS MATERIALIZED (
        SELECT DISTINCT update_name, run
          FROM undercurrent.quarantine
      )
      SELECT update_name, run
        FROM undercurrent.runs
       WHERE ended_at < CAST(:before AS timestamptz)
         AND (update_name, run) NOT IN (SELECT update_name, run FROM newest)
         AND (update_name, run::text) NOT IN (SELECT update_name, run FROM live)
         AND (update_name, run) NOT IN (SELECT update_name, run FROM quarantined)
      """;

  private final JdbcClient jdbc;
  private final TransactionOperations transactions;

  /** A purge on the caller's own connections: a runner's writes go through its fence. */
  public Purge(JdbcClient jdbc, TransactionOperations transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  /** What of before a time there is to remove. */
  public Purged count(Instant before) {
    return jdbc.sql(
            """
            WITH old AS MATERIALIZED (
            %s)
            SELECT (SELECT count(*) FROM old) AS runs,
                   (SELECT count(*)
                      FROM undercurrent.run_executions
                     WHERE (update_name, run) IN (SELECT update_name, run::text FROM old OFFSET 0))
                     AS executions,
                   (SELECT count(*)
                      FROM undercurrent.actions
                     WHERE at < CAST(:before AS timestamptz)) AS actions,
                   (SELECT count(*)
                      FROM undercurrent.samples
                     WHERE at < CAST(:before AS timestamptz)) AS samples"""
                .formatted(OLD_RUNS))
        .param("before", before.toString())
        .query(
            (row, number) ->
                new Purged(
                    row.getLong("runs"),
                    row.getLong("executions"),
                    row.getLong("actions"),
                    row.getLong("samples")))
        .single();
  }

  /**
   * Removes as much of it as one short transaction may.
   *
   * @return what was removed; nothing if nothing is left
   */
  public Purged next(Instant before) {
    return transactions.execute(status -> removeSome(before));
  }

  /**
   * Removes as many samples of before a time as one short transaction may, of runs under way as
   * well; and what is left of runs whose rows were deleted by other means.
   *
   * @return how many samples; fewer than there may have been only if none is left
   */
  public long nextSamples(Instant before) {
    return transactions.execute(
        status -> {
          beBrief();
          forgetRunsThatAreGone();
          return removeSamples(before);
        });
  }

  private void beBrief() {
    jdbc.sql(
            """
            SELECT set_config('lock_timeout', '2s', true),
                   set_config('statement_timeout', '10s', true)""")
        .query()
        .singleRow();
  }

  private Purged removeSome(Instant before) {
    beBrief();
    var samples = removeSamples(before);
    if (samples == SAMPLES_AT_ONCE) {
      return new Purged(0, 0, 0, samples);
    }
    var runs = oldRuns(before);
    var executions = new ArrayList<Long>();
    runs.forEach((update, numbers) -> executions.addAll(executions(update, numbers)));
    removeExecutions(executions);
    runs.forEach(this::removeRuns);
    var count = runs.values().stream().mapToInt(List::size).sum();
    return new Purged(count, executions.size(), removeActions(before), samples);
  }

  private long removeSamples(Instant before) {
    return jdbc.sql(
            """
            DELETE FROM undercurrent.samples
             WHERE ctid = ANY (ARRAY(SELECT ctid
                                       FROM undercurrent.samples
                                      WHERE at < CAST(:before AS timestamptz)
                                      ORDER BY at
                                      LIMIT :limit))""")
        .param("before", before.toString())
        .param("limit", SAMPLES_AT_ONCE)
        .update();
  }

  private void forgetRunsThatAreGone() {
    for (var table : List.of("run_times", "run_clocks")) {
      jdbc.sql(
              """
              DELETE FROM undercurrent.%s gone
               WHERE NOT EXISTS (SELECT
                                   FROM undercurrent.runs
                                  WHERE runs.update_name = gone.update_name
                                    AND runs.run = gone.run)"""
                  .formatted(table))
          .update();
    }
  }

  /** Their numbers by update. */
  private Map<String, List<Long>> oldRuns(Instant before) {
    return jdbc
        .sql(
            OLD_RUNS
                + """
                 ORDER BY update_name, run
                 LIMIT :limit
                   FOR UPDATE SKIP LOCKED""")
        .param("before", before.toString())
        .param("limit", RUNS_AT_ONCE)
        .query((row, number) -> Map.entry(row.getString(1), row.getLong(2)))
        .list()
        .stream()
        .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toList())));
  }

  private List<Long> executions(String update, List<Long> runs) {
    return jdbc.sql(
            """
            SELECT job_execution_id
              FROM undercurrent.run_executions
             WHERE update_name = :name
               AND run = ANY (CAST(:runs AS text[]))""")
        .param("name", update)
        .param("runs", array(runs))
        .query(Long.class)
        .list();
  }

  /** In the order that Spring Batch's foreign keys ask for. */
  private void removeExecutions(List<Long> executions) {
    if (executions.isEmpty()) {
      return;
    }
    var instances =
        jdbc.sql(
                """
                SELECT DISTINCT job_instance_id
                  FROM undercurrent.batch_job_execution
                 WHERE job_execution_id = ANY (CAST(:ids AS bigint[]))""")
            .param("ids", array(executions))
            .query(Long.class)
            .list();
    for (var table : List.of("claimed_slices", "batch_step_execution_context")) {
      remove(
          """
          DELETE FROM undercurrent.%s removed
           USING undercurrent.batch_step_execution step
           WHERE step.step_execution_id = removed.step_execution_id
             AND step.job_execution_id = ANY (CAST(:ids AS bigint[]))"""
              .formatted(table),
          executions);
    }
    for (var table :
        List.of(
            "batch_step_execution",
            "batch_job_execution_context",
            "batch_job_execution_params",
            "batch_job_execution")) {
      remove(
          "DELETE FROM undercurrent.%s WHERE job_execution_id = ANY (CAST(:ids AS bigint[]))"
              .formatted(table),
          executions);
    }
    remove(
        "DELETE FROM undercurrent.batch_job_instance WHERE job_instance_id = ANY (CAST(:ids AS bigint[]))",
        instances);
  }

  private void remove(String sql, List<Long> ids) {
    jdbc.sql(sql).param("ids", array(ids)).update();
  }

  /** Most of their samples are older, and gone by now. */
  private void removeRuns(String update, List<Long> runs) {
    for (var table : List.of("samples", "run_times", "run_clocks", "runs")) {
      jdbc.sql(
              """
              DELETE FROM undercurrent.%s
               WHERE update_name = :name
                 AND run = ANY (CAST(:runs AS bigint[]))"""
                  .formatted(table))
          .param("name", update)
          .param("runs", array(runs))
          .update();
    }
  }

  private int removeActions(Instant before) {
    return jdbc.sql(
            """
            DELETE FROM undercurrent.actions
             WHERE id = ANY (ARRAY(SELECT id
                                     FROM undercurrent.actions
                                    WHERE at < CAST(:before AS timestamptz)
                                    ORDER BY id
                                    LIMIT :limit))""")
        .param("before", before.toString())
        .param("limit", ACTIONS_AT_ONCE)
        .update();
  }

  private static String array(List<Long> numbers) {
    return numbers.stream().map(String::valueOf).collect(joining(",", "{", "}"));
  }
}
