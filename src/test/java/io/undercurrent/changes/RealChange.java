package io.undercurrent.changes;

import io.undercurrent.command.ShippedKinds;
import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.job.Jobs;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A background change of a real system: a job file, the schema that it is for with some rows, and
 * queries that find nothing once it was right.
 *
 * @param directory where its files are; the job has the directory's name
 */
record RealChange(Path directory) {

  private static final Path ALL = Path.of("src/test/resources/jobs");

  /** All of them. */
  static List<RealChange> all() {
    try (var directories = Files.list(ALL)) {
      return directories.sorted().map(RealChange::new).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return directory.getFileName().toString();
  }

  /** Makes the tables and their rows. */
  void prepare(Database database) {
    Rows.run(database, text("schema.sql"));
    Rows.run(database, "ANALYZE");
  }

  /** What is not as it should be in the end: the query with what it has found. */
  List<String> wrong(Database database) {
    return Stream.of(text("verify.sql").split(";\n"))
        .filter(query -> !query.isBlank())
        .flatMap(query -> found(database, query.strip()))
        .toList();
  }

  /** An engine that has this job and no other. */
  JobEngine engine(DatabaseSettings database, ScriptedController script) {
    var jobs = new Jobs(ShippedKinds.all(), directory, property -> null);
    return new JobEngine(jobs, new RunnerContext(script.controller(), new Encryption()), database);
  }

  private static Stream<String> found(Database database, String query) {
    return database.jdbc().sql(query).query().listOfRows().stream()
        .limit(3)
        .map(row -> query + ": " + row);
  }

  private String text(String file) {
    try {
      return Files.readString(directory.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
