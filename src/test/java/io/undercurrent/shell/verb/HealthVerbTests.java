package io.undercurrent.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.health.Limits;
import io.undercurrent.health.Look;
import io.undercurrent.health.Reading;
import io.undercurrent.health.Reading.Nothing;
import io.undercurrent.health.Reading.Unknown;
import io.undercurrent.health.Reading.Value;
import io.undercurrent.health.Signal;
import io.undercurrent.state.Measure.Unit;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

@PostgresTest
class HealthVerbTests {

  private static final Signal LAG =
      new Fixed(
          "replication-lag", 10.0, Unit.SECONDS, new Value(34, "standby_1", "it replays nothing"));
  private static final Signal LOAD =
      new Fixed("active-sessions", null, Unit.COUNT, new Value(7, null, null));
  private static final Signal SLOTS =
      new Fixed("slots", 1e9, Unit.BYTES, new Nothing("there is no slot"));

  @TempDir private Path jobs;

  @Test
  void showsEachSignalAndWhatTheRunnerHasNoted(Database database) {
    aHold(database);
    try (var shell = TestShell.watching(name -> List.of(LAG, LOAD, SLOTS), database, jobs)) {
      assertThat(shell.perform("health")).isEqualTo(3);

      assertThat(shell.out())
          .isEqualToNormalizingNewlines(
              """
              signal           value    hold  verdict  detail
              replication-lag   34 s    10 s  hold     standby_1: it replays nothing
              active-sessions      7     off  off
              slots                -  954 MB  nothing  there is no slot
              Noted by the process that runs the updates:
                held since 2026-11-21 08:00:00 UTC: replication-lag of standby_1 is 34 s; it
                holds above 10 s, and goes on at 8 s or less. See all signals with: health
              """);
      assertThat(shell.err()).contains("Found 1 signal above the threshold, or unknown.");
    }
  }

  @Test
  void isContentWhereNothingHolds(Database database) {
    try (var shell = TestShell.watching(name -> List.of(LOAD, SLOTS), database, jobs)) {
      assertThat(shell.perform("health --database master")).isZero();
      assertThat(shell.out()).endsWith("has noted no hold.\n");
    }
  }

  @Test
  void findsWhatCannotBeRead(Database database) {
    Signal sleepy =
        new Fixed("slots", 1e9, Unit.BYTES, new Unknown("")) {
          @Override
          public Reading look(Look look) {
            look.jdbc().sql("SELECT 1 / 0").query().singleValue();
            return super.look(look);
          }
        };
    try (var shell = TestShell.watching(name -> List.of(sleepy), database, jobs)) {
      assertThat(shell.perform("health")).isEqualTo(3);
      assertThat(shell.out()).contains("unknown  division by zero (SQLSTATE 22012)");
    }
  }

  @Test
  void hasAStableForm(Database database) throws IOException {
    aHold(database);
    try (var shell = TestShell.watching(name -> List.of(LAG, LOAD), database, jobs)) {
      shell.perform("health --json");

      assertThat(JsonMapper.shared().readTree(shell.out()).toPrettyString().replace("\r\n", "\n"))
          .isEqualTo(golden());
    }
  }

  private static String golden() throws IOException {
    try (var stream = HealthVerbTests.class.getResourceAsStream("/json/health.json")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  private static void aHold(Database database) {
    database.prepare();
    Rows.run(
        database,
        """
        UPDATE undercurrent.lease
           SET owner = 'pid 1 on db-host', owner_id = 'stranger',
               expires_at = now() + interval '1 hour'""",
        """
        INSERT INTO undercurrent.holds
               (epoch, signal, rank, subject, value, threshold, unit, since, seen_at)
        SELECT epoch, 'replication-lag', 1, 'standby_1', 34, 10, 'SECONDS',
               '2026-11-21 08:00:00Z', now()
          FROM undercurrent.lease""");
  }

  private static class Fixed implements Signal {

    private final String name;
    private final @Nullable Double hold;
    private final Unit unit;
    private final Reading reading;

    Fixed(String name, @Nullable Double hold, Unit unit, Reading reading) {
      this.name = name;
      this.hold = hold;
      this.unit = unit;
      this.reading = reading;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Limits limits() {
      return new Limits(hold, null, Duration.ZERO, true, unit);
    }

    @Override
    public Reading look(Look look) {
      return reading;
    }
  }
}
