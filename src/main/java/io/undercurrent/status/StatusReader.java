package io.undercurrent.status;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.history.History;
import io.undercurrent.history.Run;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.lease.Owner;
import io.undercurrent.queue.KnobSettings;
import io.undercurrent.queue.Schedule;
import io.undercurrent.queue.Schedules;
import io.undercurrent.sql.Sql;
import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import io.undercurrent.status.UpdateDetail.Expansion;
import io.undercurrent.status.UpdateDetail.TimeoutsView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads what a database's queue is doing: all of it as of one moment. */
public final class StatusReader {

  private final Database database;
  private final Owner owner;
  private final Definitions definitions;

  public StatusReader(Database database, Owner owner, Definitions definitions) {
    this.database = database;
    this.owner = owner;
    this.definitions = definitions;
  }

  public DatabaseStatus read() {
    return database.snapshot(jdbc -> look(jdbc, true).status());
  }

  /**
   * The same in one statement: how far the current update is, and which index it builds, is not
   * looked for.
   */
  public DatabaseStatus glance() {
    return look(database.jdbc(), false).status();
  }

  /** Why the whole queue does not move, or that it does. */
  public Explanation why() {
    return read().why();
  }

  /** Why one update does not move, with those that it waits for. */
  public Explanation why(String update) {
    return why(update, null);
  }

  /**
   * The same.
   *
   * @param trouble what keeps this process's runner from its work, or null
   */
  public Explanation why(String update, @Nullable String trouble) {
    return database.snapshot(
        jdbc -> {
          var seen = look(jdbc, true).status();
          var status = trouble == null ? seen : seen.with(trouble);
          return status.queued(update).isPresent()
              ? status.why(update)
              : notQueued(update, dueAt(jdbc, update), lastRun(jdbc, update));
        });
  }

  private Explanation notQueued(String update, @Nullable Instant dueAt, @Nullable Run lastRun) {
    var hold =
        Hold.of(Kind.NOT_QUEUED, update)
            .until(dueAt)
            .who(definitions.find(update).map(defined -> defined.job().name()).orElse(null))
            .what(lastRun == null ? null : lastRun.warning());
    return new Explanation(database.name(), false, List.of(hold));
  }

  /** Everything about one update, queued or not. */
  public UpdateDetail show(String update) {
    var defined = definitions.find(update).orElse(null);
    // A statement that fails would end the snapshot's transaction.
    var expansion = defined == null ? null : expansion(defined).orElse(null);
    return database.isPrepared()
        ? database.snapshot(jdbc -> show(jdbc, update, defined, expansion))
        : new UpdateDetail(
            update,
            defined,
            expansion,
            timeouts(defined, null),
            null,
            KnobSettings.NONE,
            List.of(),
            null,
            null);
  }

  private Optional<Expansion> expansion(DefinedUpdate defined) {
    try {
      return defined
          .definition()
          .work()
          .expansion(database.template(), defined.job().values(), Sql::text)
          .map(work -> new Expansion(work, null));
    } catch (RefusedException e) {
      return Optional.of(new Expansion(null, e.getMessage()));
    } catch (DataAccessException e) {
      var failure = SqlFailure.of(e);
      if (failure.down()) {
        throw e;
      }
      return Optional.of(new Expansion(null, failure.sentence()));
    }
  }

  private UpdateDetail show(
      JdbcClient jdbc,
      String update,
      @Nullable DefinedUpdate defined,
      @Nullable Expansion expansion) {
    var look = look(jdbc, true);
    var current = look.view(update).orElse(null);
    return new UpdateDetail(
        update,
        defined,
        expansion,
        timeouts(defined, current),
        current,
        look.knobs(update),
        current == null ? List.of() : look.status().why(update).reasons(),
        dueAt(jdbc, update),
        lastRun(jdbc, update));
  }

  private static @Nullable Instant dueAt(JdbcClient jdbc, String update) {
    return new Schedules(jdbc).find(update).map(Schedule::dueAt).orElse(null);
  }

  private @Nullable Run lastRun(JdbcClient jdbc, String update) {
    return new History(database.name(), jdbc).runsOf(update, 1).stream().findFirst().orElse(null);
  }

  /** As the last target makes them; without one, those of a target that is short. */
  private static @Nullable TimeoutsView timeouts(
      @Nullable DefinedUpdate defined, @Nullable CurrentUpdate current) {
    if (defined == null) {
      return null;
    }
    var chunk = current == null ? null : current.work().progress().lastChunk();
    var target = chunk == null ? Duration.ZERO : RunView.duration(chunk.targetMs());
    var timeouts = defined.definition().work().timeouts(defined.definition(), target);
    return new TimeoutsView(timeouts.lock(), timeouts.statement());
  }

  /**
   * Looks once.
   *
   * @param closely whether at the server's sessions and statistics as well
   */
  private Look look(JdbcClient jdbc, boolean closely) {
    return Look.at(database.name(), jdbc, owner, definitions, closely);
  }
}
