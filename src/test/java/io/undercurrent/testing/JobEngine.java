package io.undercurrent.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.command.ShippedKinds;
import io.undercurrent.controller.Controller;
import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.iteration.Beans;
import io.undercurrent.job.Jobs;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the console and the HTTP API stand on, for tests: the job files of a directory, one database
 * or several, runners on threads. An {@link Engine} is enough where no job file is the subject.
 */
public final class JobEngine implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  public final Databases databases;
  public final BackgroundUpdates updates;
  private final String main;

  /** An engine whose controller never sleeps. */
  public JobEngine(Path directory, Database main, DatabaseSettings... others) {
    this(jobs(directory), new ScriptedController().controller(), main, others);
  }

  public JobEngine(Jobs jobs, Controller controller, Database main, DatabaseSettings... others) {
    this(jobs, new RunnerContext(controller, Beans.NONE), main.settings(), others);
  }

  public JobEngine(
      Jobs jobs, RunnerContext context, DatabaseSettings main, DatabaseSettings... others) {
    this.main = main.name();
    this.databases = Databases.of(main, others);
    this.updates = new BackgroundUpdates(databases, jobs, context);
  }

  /** The jobs of a directory, where no property is set. */
  public static Jobs jobs(Path directory) {
    return new Jobs(ShippedKinds.all(), directory, property -> null);
  }

  /** Has the main database's queue worked off from now on. */
  public JobEngine run() {
    updates.startRunner(main);
    return this;
  }

  /** Waits until nothing is left in the main database's queue that could run; then it is empty. */
  public void awaitEmptyQueue() throws InterruptedException {
    awaitEmptyQueue(LIMIT);
  }

  public void awaitEmptyQueue(Duration limit) throws InterruptedException {
    assertThat(updates.awaitIdle(main, limit)).isTrue();
    assertThat(updates.queue(main)).isEmpty();
  }

  @Override
  public void close() {
    updates.close();
    databases.close();
  }
}
