package io.undercurrent.shell.verb;

import static org.awaitility.Awaitility.await;

import io.undercurrent.access.OwnTokens;
import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.command.ShippedKinds;
import io.undercurrent.controller.Controller;
import io.undercurrent.controller.OnUpdate;
import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.database.Home;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.iteration.Beans;
import io.undercurrent.job.Jobs;
import io.undercurrent.kind.UpdateKinds;
import io.undercurrent.shell.language.Failures;
import io.undercurrent.shell.language.Help;
import io.undercurrent.shell.language.Session;
import io.undercurrent.shell.screen.Confirmation;
import io.undercurrent.shell.screen.RecordedScreen;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.screen.Tty;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.status.DatabaseStatus;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** A command line on a real database, with job files and tokens in a directory and no sleep. */
public final class TestShell implements AutoCloseable {

  private final RecordedScreen recorded = new RecordedScreen();
  private final Databases databases;
  private final BackgroundUpdates updates;
  private final OwnTokens tokens;
  private final AnnotationConfigApplicationContext beans;
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
    this(ShippedKinds.all(), reaction, database, jobs, others);
  }

  /** Makes a shell whose job files may define these kinds of update. */
  public TestShell(UpdateKinds kinds, Database database, Path jobs) {
    this(kinds, Duration.ofSeconds(20), database, jobs);
  }

  private TestShell(
      UpdateKinds kinds,
      Duration reaction,
      Database database,
      Path jobs,
      DatabaseSettings... others) {
    this.databases = Databases.of(database.settings(), others);
    this.tokens = new OwnTokens(new Home(jobs), Clock.systemUTC());
    this.updates =
        new BackgroundUpdates(
            databases, new Jobs(kinds, jobs, property -> null), sleepless(), Beans.NONE);
    var screen = recorded.screen();
    this.beans = beans(screen, reaction);
    this.session =
        new Session(AllVerbs.of(beans::getBean), screen, new Failures(screen, "the.log"));
  }

  /** The verbs' constructors get what the application would give them, by type. */
  private AnnotationConfigApplicationContext beans(Screen screen, Duration reaction) {
    var backend = new Backend(() -> updates, () -> databases);
    var times = new Times(ZoneOffset.UTC);
    var clock = Clock.systemUTC();
    Tty none = Optional::empty;
    var context = new AnnotationConfigApplicationContext();
    Stream.of(
            backend,
            screen,
            times,
            clock,
            none,
            tokens,
            Confirmation.BY_OPTION,
            new ObservedWishes(backend, screen, times, clock, reaction),
            new Help(AllVerbs.described()))
        .forEach(
            bean -> context.getBeanFactory().registerSingleton(bean.getClass().getName(), bean));
    context.scan(AllVerbs.class.getPackageName());
    context.refresh();
    return context;
  }

  public static Controller sleepless() {
    return new Controller(
        (update, database, oneShot) -> new Sleepless(),
        (update, database) -> 100,
        (update, database) -> 100,
        "a test");
  }

  /** Has the queue worked off beside. */
  public void startRunner() {
    updates.startRunner(updates.databases().get(0));
  }

  /** Waits until the runner of this process has worked the queue off. */
  public void awaitEmptyQueue() {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> updates.queue(updates.databases().get(0)).isEmpty());
  }

  /** Carries out a line as it is typed, and forgets what was shown before. */
  public int perform(String line) {
    recorded.clear();
    return session.perform(line, "");
  }

  /** What the prompt of this shell would show. */
  DatabaseStatus status() {
    return updates.status(updates.databases().get(0));
  }

  public String out() {
    return recorded.out();
  }

  public String err() {
    return recorded.err();
  }

  @Override
  public void close() {
    beans.close();
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
