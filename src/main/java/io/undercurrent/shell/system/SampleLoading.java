package io.undercurrent.shell.system;

import io.undercurrent.database.Database;
import io.undercurrent.sample.SampleHomeserver;
import io.undercurrent.sample.SampleHomeserver.Loaded;
import io.undercurrent.shell.screen.Durations;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.ProgressLine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Loads the sample homeserver and shows how far it is; an interrupt leaves nothing of it. */
final class SampleLoading {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

  private final Database database;
  private final ProgressLine line;
  private final Clock clock;
  private final AtomicInteger stepsDone = new AtomicInteger();

  SampleLoading(Database database, ProgressLine line, Clock clock) {
    this.database = database;
    this.line = line;
    this.clock = clock;
  }

  Loaded load(int rooms) throws InterruptedException {
    var began = clock.instant();
    var loading =
        CompletableFuture.supplyAsync(
            () -> new SampleHomeserver(database).load(rooms, step -> stepsDone.incrementAndGet()));
    try {
      while (true) {
        try {
          return loading.get(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          line.show(text(rooms, began));
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      cancel();
      throw e;
    } finally {
      line.clear();
    }
  }

  private String text(int rooms, Instant began) {
    var steps = SampleHomeserver.steps();
    var step = Math.min(stepsDone.get(), steps.size() - 1);
    return "Making a homeserver of %s: %s, step %d of %d, %s"
        .formatted(
            Numbers.of(rooms, "room"),
            steps.get(step),
            step + 1,
            steps.size(),
            Durations.human(Duration.between(began, clock.instant())));
  }

  /** One transaction makes it all, so nothing is left of it. */
  private void cancel() {
    database
        .jdbc()
        .sql(
            """
            SELECT pg_cancel_backend(pid)
              FROM pg_stat_activity
             WHERE datname = current_database()
               AND application_name = 'undercurrent sample'""")
        .query()
        .listOfRows();
  }
}
