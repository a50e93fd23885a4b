package io.undercurrent.command;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.iteration.Beans;
import io.undercurrent.job.Jobs;
import io.undercurrent.testing.EngineProcess;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The database of a shop, and jobs in its files. */
public final class Shop implements AutoCloseable {

  private static final String JOB = "job";

  public final Database database;
  private final Path file;
  private final Databases databases;
  private final BackgroundUpdates updates;

  /** Makes the tables. */
  public static Shop make(Database database, Path directory) throws IOException {
    try (var tables = requireNonNull(Shop.class.getResourceAsStream("/db/shop.sql"))) {
      Rows.run(database, new String(tables.readAllBytes(), StandardCharsets.UTF_8));
    }
    return new Shop(database, directory);
  }

  public Shop(Database database, Path directory) {
    this.database = database;
    this.file = directory.resolve(JOB + ".yaml");
    this.databases = Databases.of(database.settings());
    var jobs =
        new Jobs(
            ShippedKinds.all(), directory, name -> name.equals("shop.domain") ? "b.example" : null);
    this.updates =
        new BackgroundUpdates(
            databases, jobs, EngineProcess.target(Duration.ofMillis(50)), Beans.NONE);
  }

  public CheckReport check(String yaml) {
    write(yaml);
    return check();
  }

  /** Checks the job that was written last. */
  public CheckReport check() {
    return updates.check(database.name(), JOB);
  }

  public Queued start() {
    return updates.start(database.name(), JOB);
  }

  /** Checks a job, which has nothing to say, and runs it to its end. */
  public void run(String yaml) throws InterruptedException {
    write(yaml);
    assertThat(start().warnings()).isEmpty();
    updates.startRunner(database.name());
    assertThat(updates.awaitIdle(database.name(), Duration.ofMinutes(1))).isTrue();
    assertThat(updates.queue(database.name())).isEmpty();
  }

  private void write(String yaml) {
    try {
      Files.writeString(file, yaml);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public List<String> rows(String sql) {
    return Rows.of(database, sql);
  }

  @Override
  public void close() {
    updates.close();
    databases.close();
  }
}
