package io.undercurrent.command;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.job.Jobs;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The database of a shop, and jobs in its files. */
public final class Shop implements AutoCloseable {

  private static final String JOB = "job";

  public final Database database;
  private final Path file;
  private final JobEngine engine;

  /** Opens one in a fresh database. */
  public static Shop open(TestDatabases databases, Path directory) {
    return new Shop(databases.createLike("shop", Shop::makeTables), directory);
  }

  private static void makeTables(Database database) {
    try (var tables = requireNonNull(Shop.class.getResourceAsStream("/db/shop.sql"))) {
      Rows.run(database, new String(tables.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Shop(Database database, Path directory) {
    this.database = database;
    this.file = directory.resolve(JOB + ".yaml");
    var jobs =
        new Jobs(
            ShippedKinds.all(), directory, name -> name.equals("shop.domain") ? "b.example" : null);
    this.engine = new JobEngine(jobs, new ScriptedController().controller(), database);
  }

  public CheckReport check(String yaml) {
    write(yaml);
    return check();
  }

  /** Checks the job that was written last. */
  public CheckReport check() {
    return engine.updates.check(database.name(), JOB);
  }

  public Queued start() {
    return engine.updates.start(database.name(), JOB);
  }

  /** Checks a job, which has nothing to say, and runs it to its end. */
  public void run(String yaml) throws InterruptedException {
    write(yaml);
    assertThat(start().warnings()).isEmpty();
    engine.run().awaitEmptyQueue();
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
    engine.close();
  }
}
