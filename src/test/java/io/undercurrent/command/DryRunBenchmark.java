package io.undercurrent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Home;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.kind.Estimate.Range;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How well a dry run foretells the run that follows, on the embedded server with fsync. Run it with
 * {@code ./mvnw test -Pbenchmarks -Dtest=DryRunBenchmark}.
 */
@PostgresTest
@Tag("benchmark")
class DryRunBenchmark {

  private static final String JOBS =
      """
      updates:
        - name: everywhere
          read: {table: halls, key: [id]}
          write: UPDATE halls SET n = n + 1 FROM chunk WHERE halls.id = chunk.id
          depends-on: []
        - name: some
          read: {table: seats, key: [hall, seat], where: "seat % 3 = 0"}
          write: |
            UPDATE seats SET name = upper(name), n = n + 1
              FROM chunk WHERE seats.hall = chunk.hall AND seats.seat = chunk.seat
          depends-on: []
        - name: copied
          read: {sql: SELECT id FROM halls WHERE id % 2 = 0, key: [id]}
          write:
            - INSERT INTO copies SELECT halls.id, halls.name FROM halls JOIN chunk USING (id)
            - DELETE FROM halls USING chunk WHERE halls.id = chunk.id
          depends-on: []
      """;

  @ParameterizedTest
  @ValueSource(strings = {"everywhere", "some", "copied"})
  void isWithinAFactorOfTwo(String update, @TempDir Path directory) throws Exception {
    try (var databases = Databases.embedded(new Home(directory), starting -> {})) {
      var main = databases.main();
      Rows.run(
          main,
          "CREATE TABLE halls (id bigint PRIMARY KEY, n int, name text)",
          "INSERT INTO halls SELECT i, 0, md5(CAST(i AS text)) FROM generate_series(1, 400000) AS i",
          "CREATE INDEX halls_name ON halls (name)",
          "CREATE TABLE seats (hall int, seat int, n int, name text, PRIMARY KEY (hall, seat))",
          "INSERT INTO seats SELECT i % 50, i, 0, md5(CAST(i AS text)) FROM generate_series(1, 600000) AS i",
          "CREATE INDEX seats_name ON seats (name)",
          "CREATE TABLE copies (id bigint PRIMARY KEY, name text)",
          "ANALYZE");
      Files.writeString(directory.resolve("jobs.yaml"), JOBS);
      try (var engine = new JobEngine(directory, main)) {
        var dryRun = engine.updates.dryRun(main.name(), "jobs");
        var definition =
            dryRun.updates().stream().filter(each -> each.name().equals(update)).findFirst().get();
        var estimate = dryRun.run(definition, chunk -> {}).estimate().orElseThrow();

        engine.updates.start(main.name(), "jobs");
        dryRun.updates().stream()
            .filter(other -> !other.equals(definition))
            .forEach(other -> engine.updates.cancel(main.name(), other.name(), false));
        engine.run().awaitEmptyQueue(Duration.ofMinutes(5));

        var run = engine.updates.execution(main.name(), update, 1).orElseThrow();
        report(update + ", ms", estimate.workingMs(), run.duration().toMillis());
        report(update + ", walked", estimate.rows(), run.counts().walked());
        report(
            update + ", changed",
            Objects.requireNonNull(estimate.changed()),
            Objects.requireNonNull(run.counts().changed()));
      }
    }
  }

  private static void report(String what, Range estimate, double found) {
    System.out.printf(
        "%s: estimated %,.0f to %,.0f, likely %,.0f; found %,.0f%n",
        what, estimate.least(), estimate.most(), estimate.likely(), found);
    assertThat(estimate.likely()).as(what).isBetween(found / 2, found * 2);
  }
}
