package io.undercurrent.faults;

import static java.time.Duration.ofSeconds;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.faults.server.Sessions;
import io.undercurrent.testing.Rows;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What happens to the statements of chunks. */
@Tag("faults")
class StatementFaultTests {

  private static final int POISONED = 37;
  private static final String QUARANTINE = "on-error: {quarantine: {rows: 100}}";

  private Scene scene;

  @BeforeEach
  void open() throws Exception {
    scene = Scene.open("--undercurrent.background-updates.update-duration=20ms");
  }

  @AfterEach
  void close() throws Exception {
    scene.close();
  }

  @Test
  void waitsForALock() throws Exception {
    var report = new ArrayList<Connection>();
    var lock = scene.fault("rows locked for 30 s").rows(100_000);
    lock.when(() -> report.add(Sessions.holdRows(scene.server(), lock.table(), 60_000)))
        .why("(report as postgres")
        .lasts(Suite.seconds(30))
        .until(() -> Sessions.close(report))
        .endsWell();
  }

  @Test
  void makesNoVictimOfTheApplication() throws Exception {
    // Sooner than a chunk's statements are cancelled because they take too long.
    scene.server().configure("deadlock_timeout = '100ms'");
    scene
        .fault("four clients write the same rows in the opposite order")
        .rows(Suite.count("deadlock-rows", 100_000, 1_000_000))
        .besides(Habit.OPPOSITE_ORDER)
        .endsWell();
    System.out.println(
        "deadlocks: "
            + Rows.of(
                scene.server().superuser(),
                "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
  }

  @Test
  void findsTheKeyThatTakesTooLong() throws Exception {
    var slow = scene.fault("a statement that takes too long for one key").rows(100_000);
    slow.job("statement-timeout: 1s")
        .when(
            () ->
                Rows.run(
                    scene.server().superuser(),
                    """
                    CREATE OR REPLACE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                      PERFORM pg_sleep(60);
                      RETURN NEW;
                    END$$""",
                    "CREATE TRIGGER dawdle BEFORE UPDATE OF n ON %s FOR EACH ROW WHEN (NEW.id = 60002) EXECUTE FUNCTION dawdle()"
                        .formatted(slow.table())))
        .why("at the key [60002]")
        .until(
            () -> {
              Rows.run(scene.server().superuser(), "DROP FUNCTION dawdle CASCADE");
              scene.console().perform("retry " + slow.table());
            })
        .endsWell();
  }

  @Test
  void findsTheRowThatIsWrong() throws Exception {
    var wrong = scene.fault("a row that a constraint refuses").rows(100_000);
    wrong
        .when(() -> poison(scene, wrong.table(), "id = 60002"))
        .why("at the key [60002]")
        .until(
            () -> {
              Rows.run(
                  scene.server().superuser(),
                  "ALTER TABLE %s DROP CONSTRAINT poison".formatted(wrong.table()));
              scene.console().say("retry " + wrong.table());
            })
        .endsWell();
  }

  @Test
  void putsPoisonedRowsAside() throws Exception {
    var rows = Suite.count("poison-rows", 100_000, 1_000_000);
    var poisoned =
        scene.fault(POISONED + " poisoned rows among " + rows).rows(rows).job(QUARANTINE);
    var half = rows / 2;
    // a tenth of the keys is none of the update's
    var keys =
        IntStream.rangeClosed(1, POISONED)
            .map(i -> half + i * (half / (POISONED + 1)))
            .map(key -> key % 10 == 0 ? key + 1 : key)
            .mapToObj(String::valueOf)
            .collect(joining(", ", "id IN (", ")"));
    poisoned.when(() -> poison(scene, poisoned.table(), keys)).endsWell();
    assertThat(Rows.of(scene.server().superuser(), "SELECT count(*) FROM undercurrent.quarantine"))
        .containsExactly("" + POISONED);
  }

  /** Has the update fail on some rows, which the application can still write. */
  static void poison(Scene scene, String table, String condition) {
    Rows.run(
        scene.server().superuser(),
        "ALTER TABLE %s ADD CONSTRAINT poison CHECK (n = 0 OR NOT (%s)) NOT VALID"
            .formatted(table, condition));
  }

  @Test
  void survivesLocksThatComeAndGo() throws Exception {
    var sessions = new ArrayList<Connection>();
    var lock = scene.fault("rows locked again and again").rows(200_000);
    lock.when(
            () ->
                sessions.add(
                    Sessions.holdRows(
                        scene.server(), lock.table(), (int) lock.oracle().position() + 500)))
        .lasts(ofSeconds(1))
        .until(
            () -> {
              Sessions.close(sessions);
              sessions.clear();
            })
        .times(Suite.count("locks", 5, 30))
        .endsWell();
  }
}
