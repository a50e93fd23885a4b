package io.undercurrent.shell.verb;

import io.undercurrent.command.JobDryRun;
import io.undercurrent.database.RefusedException;
import io.undercurrent.kind.DryRun;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.language.WishStandsException;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.WaitNotice;
import io.undercurrent.shell.view.Backend;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.annotation.Argument;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code dry-run}: some chunks of a job, tried and rolled back. */
@Component
final class DryRunVerb {

  private final Backend backend;
  private final Screen screen;
  private final Clock clock;

  DryRunVerb(Backend backend, Screen screen, Clock clock) {
    this.backend = backend;
    this.screen = screen;
    this.clock = clock;
  }

  @Command(
      name = "dry-run",
      group = Groups.WATCH,
      description = "Try some chunks of a job, roll them back, and estimate the whole",
      help =
          """
          The job is checked first. Then each update in chunks has eight of them tried,
          spread over its keys, under a run's settings, locks and timeouts, and as large
          as the controller would have them; it also waits as the controller does. Each
          is rolled back. BUFFERS and WAL are those of the chunk that follows, by
          EXPLAIN, which would slow down the one that is timed.
          What is done at once is explained, not tried. Beans that work outside of the
          transaction or write are not called.
          No rollback undoes numbers taken from sequences, dead rows, which the next
          vacuum clears away, and what functions and triggers do outside of the
          database. If a chunk fails, the exit code is 1.

          Example:
            dry-run backfill_member_domains""")
  void dryRun(
      @Argument(index = 0, description = "the job") String job,
      @Option(longName = "database", description = "the database; the main one without it")
          @Nullable String database,
      @Option(longName = "json", description = "as JSON, for scripts") boolean json)
      throws InterruptedException {
    var name = backend.database(database);
    var dryRun = checked(name, job);
    var view = new DryRunView(screen);
    if (!json) {
      dryRun.warnings().forEach(warning -> screen.tell("Warning: " + warning));
    }
    var done = new LinkedHashMap<UpdateDefinition, DryRun>();
    for (var update : dryRun.updates()) {
      var tried = run(dryRun, update);
      done.put(update, tried);
      if (!json) {
        view.show(name, update, tried);
      }
    }
    if (json) {
      view.json(name, job, dryRun.warnings(), done);
    } else {
      screen.tell("Nothing was changed: each chunk was rolled back.");
    }
    var failed = done.values().stream().mapToLong(DryRun::failed).sum();
    if (failed > 0) {
      throw new RefusedException(
          "%s cannot be done as %s now."
              .formatted(Numbers.of(failed, "chunk"), failed == 1 ? "it is" : "they are"));
    }
  }

  @SuppressWarnings("try")
  private JobDryRun checked(String database, String job) {
    try (var notice = new WaitNotice(screen, clock, "Checking " + job)) {
      return backend.updates().dryRun(database, job);
    }
  }

  @SuppressWarnings("try")
  private DryRun run(JobDryRun job, UpdateDefinition update) throws InterruptedException {
    var chunks = new AtomicInteger();
    try (var notice = new WaitNotice(screen, clock, "Trying " + update.name())) {
      return job.run(
          update,
          tried ->
              notice.because(
                  "Trying %s, chunk %d".formatted(update.name(), chunks.incrementAndGet() + 1)));
    } catch (InterruptedException e) {
      throw new WishStandsException("Interrupted. Nothing was changed.");
    }
  }
}
