package io.undercurrent.queue;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.StorableText;
import io.undercurrent.state.UpdateState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** The updates that wait or run on one database, each with its open run. */
public final class UpdateQueue {

  private static final String CANCELLED = UpdateState.CANCELLED.name();
  private static final String CLOSE =
      """
      UPDATE undercurrent.runs
         SET ended_at = clock_timestamp(), outcome = :outcome, retry_at = NULL, given_up_at = NULL,
             waits_for = NULL
      """;

  private final String databaseName;
  private final JdbcClient jdbc;
  private final TransactionOperations transactions;
  private final Schedules schedules;
  private final Knobs knobs;

  public UpdateQueue(Database database) {
    this(database.name(), database.jdbc(), database.transactions());
  }

  /** A queue on the caller's own connections: a runner's writes go through its fence. */
  public UpdateQueue(String databaseName, JdbcClient jdbc, TransactionOperations transactions) {
    this.databaseName = databaseName;
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.schedules = new Schedules(jdbc);
    this.knobs = new Knobs(jdbc);
  }

  /**
   * Queues the updates of a job, all or none, and opens a run for each.
   *
   * @throws AlreadyQueuedException if one of them is queued already, here or in the homeserver's
   *     own queue
   */
  public void add(String job, List<NewUpdate> updates) {
    transactions.executeWithoutResult(
        status -> {
          new HomeserverQueue(databaseName, jdbc).refuseWhatWaitsThere(updates);
          for (var update : updates) {
            add(job, update);
            schedule(job, update);
          }
        });
  }

  private void schedule(String job, NewUpdate update) {
    if (update.every() == null) {
      schedules.end(Set.of(update.name()));
    } else {
      schedules.begin(update.name(), job, update.every());
    }
  }

  /**
   * Queues an update whose time has come, unless it still is, and has it be due again.
   *
   * @param due as it was found
   * @return whether it was queued
   * @throws AlreadyQueuedException if it waits in the homeserver's own queue
   */
  public boolean addAgain(Schedule due, NewUpdate update, Duration every) {
    return transactions.execute(
        status -> {
          if (!schedules.advance(due, every) || find(due.update()).isPresent()) {
            return false;
          }
          new HomeserverQueue(databaseName, jdbc).refuseWhatWaitsThere(List.of(update));
          add(due.job(), update);
          return true;
        });
  }

  /**
   * Looks whether the updates of a job could be queued now.
   *
   * @throws AlreadyQueuedException if one of them is queued already, here or in the homeserver's
   *     own queue
   */
  public void refuseQueued(String job, List<NewUpdate> updates) {
    new HomeserverQueue(databaseName, jdbc).refuseWhatWaitsThere(updates);
    var queued = list().stream().map(QueuedUpdate::name).toList();
    updates.stream()
        .map(NewUpdate::name)
        .filter(queued::contains)
        .findFirst()
        .ifPresent(
            update -> {
              throw new AlreadyQueuedException(alreadyQueued(job, update), null);
            });
  }

  private void add(String job, NewUpdate update) {
    try {
      jdbc.sql(
              """
              INSERT INTO undercurrent.background_updates (update_name, depends_on, ordering)
              VALUES (:name, :dependsOn, :ordering)""")
          .param("name", update.name())
          .param("dependsOn", update.dependsOn())
          .param("ordering", update.ordering())
          .update();
    } catch (DuplicateKeyException e) {
      throw new AlreadyQueuedException(alreadyQueued(job, update.name()), e);
    }
    closeRunOfADeletedRow(update.name());
    knobs.forget(Set.of(update.name()));
    jdbc.sql(
            """
            INSERT INTO undercurrent.runs (update_name, run, job_name)
            SELECT :name, coalesce(max(run), 0) + 1, :job
              FROM undercurrent.runs
             WHERE update_name = :name""")
        .param("name", update.name())
        .param("job", job)
        .update();
  }

  /** The row is new, so a run that is open belonged to one that was deleted by SQL. */
  private void closeRunOfADeletedRow(String name) {
    jdbc.sql(CLOSE + " WHERE update_name = :name AND ended_at IS NULL")
        .param("outcome", CANCELLED)
        .param("name", name)
        .update();
  }

  private String alreadyQueued(String job, String update) {
    return job.equals(update)
        ? "Job '%s' is already queued on '%s'. Watch it with: status".formatted(job, databaseName)
        : "Job '%s' is already queued on '%s': its update '%s' has not ended. Watch it with: status"
            .formatted(job, databaseName, update);
  }

  /**
   * Opens runs for rows that were put into the queue by other means, such as SQL, and closes those
   * of rows that were taken out; what was set of these is forgotten.
   */
  public void adoptChangesBySql() {
    knobs.forgetWhatIsNotQueued();
    jdbc.sql(
            CLOSE
                + """
                 WHERE ended_at IS NULL
                   AND NOT EXISTS (SELECT
                                     FROM undercurrent.background_updates queued
                                    WHERE queued.update_name = runs.update_name)""")
        .param("outcome", CANCELLED)
        .update();
    jdbc.sql(
            """
            INSERT INTO undercurrent.runs (update_name, run, job_name)
            SELECT queued.update_name,
                   1 + coalesce((SELECT max(run)
                                   FROM undercurrent.runs
                                  WHERE runs.update_name = queued.update_name), 0),
                   queued.update_name
              FROM undercurrent.background_updates queued
             WHERE NOT EXISTS (SELECT
                                 FROM undercurrent.runs
                                WHERE runs.update_name = queued.update_name
                                  AND runs.ended_at IS NULL)
                ON CONFLICT DO NOTHING""")
        .update();
  }

  /** All rows in the order in which they are taken. */
  public List<QueuedUpdate> list() {
    return jdbc.sql(
            "SELECT "
                + QueuedUpdate.COLUMNS
                + """

              FROM undercurrent.background_updates queued
              JOIN undercurrent.runs ON runs.update_name = queued.update_name
                                    AND runs.ended_at IS NULL
             ORDER BY queued.ordering, queued.update_name COLLATE "C\"""")
        .query(QueuedUpdate::of)
        .list();
  }

  /** The names of all updates that were ever queued here. */
  public List<String> everQueued() {
    return jdbc.sql("SELECT DISTINCT update_name FROM undercurrent.runs")
        .query(String.class)
        .list();
  }

  /** One row, if it is queued. */
  public Optional<QueuedUpdate> find(String name) {
    return list().stream().filter(update -> update.name().equals(name)).findFirst();
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /**
   * Looks for the update to run next: the first in order whose dependency is not queued and that is
   * neither paused, given up, backing off nor held for its definition, nor waits for an operator or
   * for a time window.
   *
   * @param others what holds an update for what the job files say
   */
  public Selection select(OtherHolds others) {
    return new Holds(list(), new Pauses(jdbc).list(), this::now, others).select();
  }

  private Instant now() {
    return jdbc.sql("SELECT clock_timestamp()").query(OffsetDateTime.class).single().toInstant();
  }

  /**
   * Closes a completed run and takes its row out of the queue; does nothing if it was cancelled.
   */
  public void complete(String name, long run) {
    complete(name, run, null);
  }

  /**
   * The same with a warning that the history keeps.
   *
   * @param warning what an operator should look at although the run has ended well, or null
   */
  public void complete(String name, long run, @Nullable String warning) {
    transactions.executeWithoutResult(
        status -> {
          if (close(name, run, UpdateState.COMPLETED.name())) {
            warn(name, run, warning);
            delete(Set.of(name));
          }
        });
  }

  private void warn(String name, long run, @Nullable String warning) {
    jdbc.sql(
            "UPDATE undercurrent.runs SET warning = :warning WHERE update_name = :name AND run = :run")
        .param("warning", warning)
        .param("name", name)
        .param("run", run)
        .update();
  }

  /**
   * Takes an update, and all that depend on it, out of the queue and closes their runs; they are
   * not queued again. An iteration that is under way cannot commit any more.
   *
   * @return the names that left, the update's own first
   * @throws RefusedException if it is not queued
   */
  public List<String> cancel(String name) {
    return transactions.execute(status -> cancelInTransaction(name));
  }

  private List<String> cancelInTransaction(String name) {
    var updates = list();
    if (updates.stream().noneMatch(update -> update.name().equals(name))) {
      throw new RefusedException(
          "Update '%s' is not queued on '%s'. See what is with: queue"
              .formatted(name, databaseName));
    }
    var chain = new LinkedHashSet<String>(Set.of(name));
    while (chain.addAll(
        updates.stream()
            .filter(update -> update.dependsOn() != null && chain.contains(update.dependsOn()))
            .map(QueuedUpdate::name)
            .toList())) {}
    // Runs before rows, as an iteration locks them: the other way round they would deadlock.
    updates.stream()
        .filter(update -> chain.contains(update.name()))
        .forEach(update -> close(update.name(), update.run(), CANCELLED));
    delete(chain);
    schedules.end(chain);
    return List.copyOf(chain);
  }

  private void delete(Set<String> names) {
    jdbc.sql("DELETE FROM undercurrent.background_updates WHERE update_name IN (:names)")
        .param("names", names)
        .update();
    jdbc.sql("DELETE FROM undercurrent.pauses WHERE update_name IN (:names)")
        .param("names", names)
        .update();
    knobs.forget(names);
    jdbc.sql("UPDATE undercurrent.lease SET current_update = NULL WHERE current_update IN (:names)")
        .param("names", names)
        .update();
  }

  private boolean close(String name, long run, String outcome) {
    return jdbc.sql(CLOSE + " WHERE update_name = :name AND run = :run AND ended_at IS NULL")
            .param("outcome", outcome)
            .param("name", name)
            .param("run", run)
            .update()
        > 0;
  }

  /**
   * Notes a failed iteration.
   *
   * @param error what failed, for the operator
   * @param sqlState its SQLSTATE, or null
   * @param backOff after what time it is tried again, or null to give the run up
   * @param counts whether it is one of the failures after which a run is given up
   */
  public void failed(
      String name,
      long run,
      String error,
      @Nullable String sqlState,
      @Nullable Duration backOff,
      boolean counts) {
    jdbc.sql(
            """
            UPDATE undercurrent.runs
               SET failures_in_row = failures_in_row + CASE WHEN :counts THEN 1 ELSE 0 END,
                   last_error = :error,
                   last_error_sqlstate = :sqlState,
                   last_error_at = clock_timestamp(),
                   retry_at = clock_timestamp() + CAST(:backOff AS bigint) * interval '1 ms',
                   given_up_at = CASE WHEN :givenUp THEN clock_timestamp() END
             WHERE update_name = :name
               AND run = :run
               AND ended_at IS NULL""")
        .param("error", new StorableText(jdbc).of(error))
        .param("sqlState", sqlState)
        .param("backOff", backOff == null ? null : backOff.toMillis())
        .param("givenUp", backOff == null)
        .param("counts", counts)
        .param("name", name)
        .param("run", run)
        .update();
  }

  /**
   * Keeps with a run what its update does.
   *
   * @param definition as JSON
   */
  public void keep(String name, long run, String definition) {
    jdbc.sql(
            """
            UPDATE undercurrent.runs
               SET definition = CAST(:definition AS json)
             WHERE update_name = :name
               AND run = :run
               AND ended_at IS NULL""")
        .param("definition", definition)
        .param("name", name)
        .param("run", run)
        .update();
  }

  /** Forgets the failures of a run: an iteration was committed, or an operator wants a retry. */
  public void forgetFailures(String name, long run) {
    jdbc.sql(
            """
            UPDATE undercurrent.runs
               SET failures_in_row = 0, retry_at = NULL, given_up_at = NULL
             WHERE update_name = :name
               AND run = :run""")
        .param("name", name)
        .param("run", run)
        .update();
  }

  /**
   * Has the open run of an update wait until an operator says something: no runner takes it before.
   *
   * @param verb what the operator is to say: {@code swap builds_bigint}
   */
  public void awaitOperator(String name, String verb) {
    jdbc.sql(
            """
            UPDATE undercurrent.runs
               SET waits_for = :verb
             WHERE update_name = :name
               AND ended_at IS NULL""")
        .param("verb", verb)
        .param("name", name)
        .update();
  }

  /**
   * Lets the open run of an update go on that waits for an operator.
   *
   * @return whether it did, so that nobody else has let it go on
   */
  public boolean goOn(String name) {
    return jdbc.sql(
                """
                UPDATE undercurrent.runs
                   SET waits_for = NULL
                 WHERE update_name = :name
                   AND ended_at IS NULL
                   AND waits_for IS NOT NULL""")
            .param("name", name)
            .update()
        > 0;
  }

  /**
   * Notes that a run begins, unless it has begun before.
   *
   * @return when it began
   */
  public OffsetDateTime begin(String name, long run) {
    return transactions.execute(
        status ->
            jdbc.sql(
                    """
                    UPDATE undercurrent.runs
                       SET started_at = coalesce(started_at, clock_timestamp())
                     WHERE update_name = :name
                       AND run = :run
                    RETURNING started_at""")
                .param("name", name)
                .param("run", run)
                .query(OffsetDateTime.class)
                .single());
  }

  /** Whether a run still waits before it is tried again; an operator may have ended that. */
  public boolean backsOff(String name, long run) {
    return jdbc.sql(
            """
            SELECT coalesce(max(retry_at) > clock_timestamp(), false)
              FROM undercurrent.runs
             WHERE update_name = :name
               AND run = :run""")
        .param("name", name)
        .param("run", run)
        .query(Boolean.class)
        .single();
  }
}
