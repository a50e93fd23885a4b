package io.undercurrent.shell.verb;

import static org.awaitility.Awaitility.await;

import io.undercurrent.access.OwnTokens;
import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.controller.Controller;
import io.undercurrent.controller.OnUpdate;
import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.database.Home;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.iteration.Beans;
import io.undercurrent.job.Jobs;
import io.undercurrent.shell.language.Failures;
import io.undercurrent.shell.language.Help;
import io.undercurrent.shell.language.Session;
import io.undercurrent.shell.screen.Confirmation;
import io.undercurrent.shell.screen.RecordedScreen;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.view.Backend;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A command line on a real database, with job files and tokens in a directory and no sleep. */
public final class TestShell implements AutoCloseable {

  private final RecordedScreen recorded = new RecordedScreen();
  private final Databases databases;
  private final BackgroundUpdates updates;
  private final OwnTokens tokens;
  private final Session session;

  TestShell(Database database, Path jobs, DatabaseSettings... others) {
    this(Duration.ofSeconds(20), database, jobs, others);
  }

  /**
   * Makes a shell of that patience.
   *
   * @param reaction how long a runner may take to see a wish
   */
  TestShell(Duration reaction, Database database, Path jobs, DatabaseSettings... others) {
    this.databases = Databases.of(database.settings(), others);
    this.tokens = new OwnTokens(new Home(jobs), Clock.systemUTC());
    this.updates =
        new BackgroundUpdates(databases, new Jobs(jobs, property -> null), sleepless(), Beans.NONE);
    var screen = recorded.screen();
    this.session =
        new Session(
            AllVerbs.of(beans(screen, reaction)::get), screen, new Failures(screen, "the.log"));
  }

  private Map<Class<?>, Object> beans(Screen screen, Duration reaction) {
    var backend = new Backend(() -> updates, () -> databases);
    var times = new Times(ZoneOffset.UTC);
    var clock = Clock.systemUTC();
    var wishes = new ObservedWishes(backend, screen, times, clock, reaction);
    var status = new StatusVerb(backend, screen, times);
    return Map.ofEntries(
        Map.entry(HelpVerb.class, new HelpVerb(new Help(AllVerbs.described()), screen)),
        Map.entry(VersionVerb.class, new VersionVerb(screen, times)),
        Map.entry(ClearVerb.class, new ClearVerb(Optional::empty)),
        Map.entry(ShowVerb.class, new ShowVerb(backend, screen, times)),
        Map.entry(WhyVerb.class, new WhyVerb(backend, screen, times)),
        Map.entry(StatusVerb.class, status),
        Map.entry(
            WatchVerb.class, new WatchVerb(backend, screen, times, clock, status, Optional::empty)),
        Map.entry(JobVerbs.class, new JobVerbs(backend, screen, wishes)),
        Map.entry(
            QueueVerbs.class,
            new QueueVerbs(backend, screen, times, Confirmation.BY_OPTION, wishes)),
        Map.entry(PauseVerbs.class, new PauseVerbs(backend, screen, wishes)),
        Map.entry(HistoryVerb.class, new HistoryVerb(backend, screen, times, clock)),
        Map.entry(DatabasesVerb.class, new DatabasesVerb(backend, screen)),
        Map.entry(RunVerb.class, new RunVerb(backend, screen, clock, times)),
        Map.entry(TokenVerbs.class, new TokenVerbs(tokens, backend, screen, times)),
        Map.entry(
            SampleVerb.class, new SampleVerb(backend, screen, clock, Confirmation.BY_OPTION)));
  }

  public static Controller sleepless() {
    return new Controller(
        (update, database, oneShot) -> new Sleepless(),
        (update, database) -> 100,
        (update, database) -> 100,
        "a test");
  }

  /** Has the queue worked off beside. */
  void startRunner() {
    updates.startRunner(updates.databases().get(0));
  }

  /** Waits until the runner of this process has worked the queue off. */
  void awaitEmptyQueue() {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> updates.queue(updates.databases().get(0)).isEmpty());
  }

  /** Carries out a line as it is typed, and forgets what was shown before. */
  int perform(String line) {
    recorded.clear();
    return session.perform(line, "");
  }

  String out() {
    return recorded.out();
  }

  String err() {
    return recorded.err();
  }

  @Override
  public void close() {
    updates.close();
    databases.close();
  }

  private static final class Sleepless implements OnUpdate.Iteration {

    @Override
    public Duration enter() {
      return Duration.ofMillis(100);
    }

    @Override
    public void exit(@Nullable Throwable failure) {
      // There is nothing to leave.
    }
  }
}
