package io.undercurrent.runner;

import io.undercurrent.brake.BrakeNotes;
import io.undercurrent.brake.HealthWatch;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.lease.FencedPool;
import io.undercurrent.lease.Lease;
import io.undercurrent.sql.RunStart;
import io.undercurrent.stop.StopSignal;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** What a runner does for the health of its database; nothing where all signals are off. */
final class Brakes implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Brakes.class);

  private final @Nullable HealthWatch watch;
  private final BrakeNotes notes;
  private final Clock clock;

  private Brakes(@Nullable HealthWatch watch, BrakeNotes notes, Clock clock) {
    this.watch = watch;
    this.clock = clock;
    this.notes = notes;
  }

  /** Begins to look. */
  static Brakes begin(RunnerContext context, Lease lease, FencedPool pool) {
    var database = lease.sessions().database().name();
    var signals = context.signals();
    var on =
        signals.of(database).stream().filter(signal -> signal.limits().hold() != null).toList();
    var watch =
        on.isEmpty()
            ? null
            : new HealthWatch(
                lease.sessions(),
                on,
                signals.unknownAfter(database),
                context.time(),
                new CriticalPause(database, pool)::pause,
                measure -> context.listener().measured(database, measure));
    return new Brakes(watch, new BrakeNotes(lease, context.time()), context.clock());
  }

  /** An update is in hand from now on. */
  void begin(DefinedUpdate update, StopSignal stop) {
    if (watch != null) {
      watch.begin(update.definition().name(), jdbc -> tables(update, jdbc), stop);
    }
  }

  private List<String> tables(DefinedUpdate update, JdbcTemplate jdbc) {
    var values = RunStart.among(update.job().values(), OffsetDateTime.now(clock));
    return update.definition().work().tables(jdbc, values);
  }

  /** Nothing is in hand any more. */
  void end() {
    if (watch != null) {
      watch.end();
    }
  }

  /** Has others see what holds now. */
  void note() {
    if (watch != null) {
      notes.note(watch.brakes());
    }
  }

  /** Forgets what holds. */
  void clear() {
    if (watch != null) {
      try {
        notes.clear();
      } catch (DataAccessException e) {
        log.debug("What holds updates counts no more without a lease", e);
      }
    }
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
  }
}
