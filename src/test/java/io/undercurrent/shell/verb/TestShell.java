package io.undercurrent.shell.verb;

import io.undercurrent.access.OwnTokens;
import io.undercurrent.command.ShippedKinds;
import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.database.Home;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.failure.FailurePolicy;
import io.undercurrent.health.Signals;
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
import io.undercurrent.shell.system.VersionVerb;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.status.DatabaseStatus;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.ScriptedController;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** A command line on a real database, with job files and tokens in a directory and no sleep. */
public final class TestShell implements AutoCloseable {

  private static final Pattern WAITING = Pattern.compile("(?m)^Checking .* \\d+ s\\R");

  private final RecordedScreen recorded = new RecordedScreen();
  private final JobEngine engine;
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
    this(
        ShippedKinds.all(), FailurePolicy.STANDARD, Signals.NONE, reaction, database, jobs, others);
  }

  /** A shell that looks at these signals. */
  static TestShell watching(Signals signals, Database database, Path jobs) {
    return new TestShell(
        ShippedKinds.all(),
        FailurePolicy.STANDARD,
        signals,
        Duration.ofSeconds(20),
        database,
        jobs);
  }

  /** Makes a shell whose job files may define these kinds of update. */
  public TestShell(UpdateKinds kinds, Database database, Path jobs) {
    this(kinds, FailurePolicy.STANDARD, Signals.NONE, Duration.ofSeconds(20), database, jobs);
  }

  /** A shell whose updates end their execution as soon as an iteration fails, and back off. */
  static TestShell backingOff(Database database, Path jobs) {
    return new TestShell(
        ShippedKinds.all(),
        FailurePolicy.END_EXECUTION,
        Signals.NONE,
        Duration.ofSeconds(20),
        database,
        jobs);
  }

  private TestShell(
      UpdateKinds kinds,
      FailurePolicy failures,
      Signals signals,
      Duration reaction,
      Database database,
      Path jobs,
      DatabaseSettings... others) {
    this.tokens = new OwnTokens(new Home(jobs), Clock.systemUTC());
    this.engine =
        new JobEngine(
            new Jobs(kinds, jobs, property -> null),
            new RunnerContext(new ScriptedController().controller(), Beans.NONE, failures)
                .watching(signals),
            database.settings(),
            others);
    var screen = recorded.screen();
    this.beans = beans(screen, reaction);
    this.session =
        new Session(AllVerbs.of(beans::getBean), screen, new Failures(screen, "the.log"));
  }

  /** The verbs' constructors get what the application would give them, by type. */
  private AnnotationConfigApplicationContext beans(Screen screen, Duration reaction) {
    var backend = new Backend(() -> engine.updates, () -> engine.databases);
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
    context.scan(AllVerbs.class.getPackageName(), VersionVerb.class.getPackageName());
    context.refresh();
    return context;
  }

  /** Has the queue worked off beside. */
  public void startRunner() {
    engine.run();
  }

  /** Waits until the runner of this process has worked the queue off. */
  public void awaitEmptyQueue() throws InterruptedException {
    engine.awaitEmptyQueue();
  }

  /** Carries out a line as it is typed, and forgets what was shown before. */
  public int perform(String line) {
    recorded.clear();
    return session.perform(line, "");
  }

  /** What the prompt of this shell would show. */
  DatabaseStatus status() {
    return engine.updates.status(engine.updates.databases().get(0));
  }

  public String out() {
    return recorded.out();
  }

  /** What was said besides data, without the notices that only a slow machine gets to see. */
  public String err() {
    return WAITING.matcher(recorded.err()).replaceAll("");
  }

  @Override
  public void close() {
    beans.close();
    engine.close();
  }
}
