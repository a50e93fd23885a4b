package io.undercurrent.brake;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.lease.Lease;
import io.undercurrent.lease.Owner;
import io.undercurrent.stop.Activity;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedSignal;
import io.undercurrent.testing.SteppedTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class HealthWatchTests {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final SteppedTime time = new SteppedTime();
  private final ScriptedSignal signal = new ScriptedSignal("lag", SECOND);
  private final ScriptedSignal other = new ScriptedSignal("load", SECOND);
  private final StopSignal stop = new StopSignal(time);
  private final List<String> paused = new CopyOnWriteArrayList<>();
  private Database database;
  private Lease lease;
  private HealthWatch watch;

  @BeforeEach
  void begin(Database database) {
    database.prepare();
    this.database = database;
    lease = Lease.take(database, Owner.thisProcess(), true, time).orElseThrow();
    watch =
        new HealthWatch(
            lease.sessions(),
            List.of(signal, other),
            MINUTE,
            time,
            (update, brake) -> paused.add(update),
            measure -> {});
    watch.begin("numbers", jdbc -> List.of(), stop);
    stop.awaitRelease();
  }

  @AfterEach
  void close() {
    watch.close();
    lease.close();
  }

  @Test
  void holdsASecondAfterTheThresholdAndNamesTheWorstFirst() {
    signal.set(11);
    other.set(50);
    passUntil(() -> watch.brakes().size() == 2);

    assertThat(watch.brakes()).extracting(Brake::signal).containsExactly("load", "lag");
    new BrakeNotes(lease, time).note(watch.brakes());
    assertThat(new BrakeTable(database.jdbc()).worst()).hasValue("load");
    assertThat(new BrakeTable(database.jdbc()).inForce())
        .extracting(hold -> hold.measure().value())
        .containsExactly(50.0, 11.0);
  }

  @Test
  void takesWhatCannotBeReadForAMinuteForAReasonToHold() {
    signal.set(
        look -> {
          throw new IllegalStateException("the role is no member of pg_monitor");
        });

    holdsAfterAMinute("the role is no member of pg_monitor");
    signal.set(0);
    goesOn();
  }

  @Test
  void takesAnAnswerThatDoesNotComeForUnknownAsWell() {
    var answer = new CountDownLatch(1);
    signal.set(
        look -> {
          await(answer);
          return ScriptedSignal.value(0);
        });

    holdsAfterAMinute("no look at it has come back");
    assertThat(watch.brakes()).extracting(Brake::signal).containsExactly("lag", "load");
    answer.countDown();
    goesOn();
  }

  @Test
  void doesWithoutAConnectionAsWithoutAnAnswer() {
    signal.set(
        look -> {
          // As a server does that goes away.
          Rows.run(
              database,
              """
              SELECT pg_terminate_backend(pid)
                FROM pg_stat_activity
               WHERE application_name = 'undercurrent health'
                 AND datname = current_database()""");
          return ScriptedSignal.value(look.jdbc().sql("SELECT 1").query(Long.class).single());
        });

    passUntil(() -> watch.brakes().size() == 1);
    assertThat(watch.brakes()).extracting(Brake::signal).containsExactly("lag");
    signal.set(0);
    goesOn();
  }

  @Test
  void goesOnLookingWhateverALookRunsInto() {
    signal.set(
        look -> {
          throw new StackOverflowError("deep");
        });

    holdsAfterAMinute("deep");
    signal.set(0);
    goesOn();
  }

  @Test
  void asksAgainForTablesThatCouldNotBeFound() {
    var looks = new AtomicInteger();
    var tables = new AtomicReference<List<String>>();
    signal.set(
        look -> {
          tables.set(look.tables());
          return ScriptedSignal.value(0);
        });
    watch.end();
    watch.begin(
        "others",
        jdbc -> {
          if (looks.getAndIncrement() == 0) {
            throw new IllegalStateException("it is locked");
          }
          return List.of("others");
        },
        stop);
    stop.awaitRelease();
    assertThat(tables).hasValue(List.of());

    passUntil(() -> !tables.get().isEmpty());
    assertThat(looks).hasValue(2);
  }

  @Test
  void pausesEachUpdateThatBeginsWhileItIsCritical() {
    signal.set(101);
    awaitPaused(1);
    watch.end();
    watch.begin("others", jdbc -> List.of(), stop);
    awaitPaused(2);
    watch.end();
    watch.begin("others", jdbc -> List.of(), stop);
    awaitPaused(3);

    assertThat(paused).containsExactly("numbers", "others", "others");
  }

  private void awaitPaused(int times) {
    passUntil(() -> paused.size() >= times);
  }

  @Test
  void holdsTheFirstIterationForALookOfItsOwn() {
    var looking = new CountDownLatch(1);
    var begun = new CountDownLatch(1);
    var lookingAgain = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    signal.set(
        look -> {
          var again = "others".equals(look.update());
          (again ? lookingAgain : looking).countDown();
          await(again ? answer : begun);
          return ScriptedSignal.value(0);
        });
    passUntil(() -> looking.getCount() == 0);
    watch.end();
    watch.begin("others", jdbc -> List.of(), stop);
    begun.countDown();
    await(lookingAgain);

    assertThat(stop.isBraked()).isTrue();
    answer.countDown();
    stop.awaitRelease();
  }

  @Test
  void restsWithoutAnUpdateAndBeginsAfresh() {
    signal.set(11);
    passUntil(() -> watch.brakes().size() == 1);
    watch.end();
    time.pass(Duration.ofSeconds(31));
    passUntil(() -> watch.brakes().isEmpty());

    signal.set(9);
    watch.begin("numbers", jdbc -> List.of(), stop);
    stop.awaitRelease();
    assertThat(watch.brakes()).isEmpty();
  }

  @Test
  void notesNothingForAnEpochThatIsOver() {
    var notes = new BrakeNotes(lease, time);
    signal.set(11);
    passUntil(() -> watch.brakes().size() == 1);
    Rows.run(database, "UPDATE undercurrent.lease SET epoch = epoch + 1");

    notes.note(watch.brakes());

    assertThat(Rows.of(database, "SELECT signal FROM undercurrent.holds")).isEmpty();
  }

  @Test
  void isHeldByTheFirstSignalToThoseWhoAccountForTime() throws Exception {
    signal.set(11);
    passUntil(() -> watch.brakes().size() == 1);
    var waiting = new Thread(stop::awaitRelease);
    waiting.start();
    Engine.await().until(() -> stop.activities().current().kind() == Activity.Kind.HELD);

    assertThat(stop.activities().current().reason()).isEqualTo("lag");
    signal.set(0);
    passUntil(() -> !waiting.isAlive());
  }

  /** The watch may miss a moment at which time passes. */
  private void passUntil(BooleanSupplier condition) {
    Engine.await()
        .until(
            () -> {
              time.pass(SECOND);
              return condition.getAsBoolean();
            });
  }

  private void holdsAfterAMinute(String why) {
    var begin = time.nanos();
    passUntil(() -> !watch.brakes().isEmpty());
    assertThat(time.since(begin)).isBetween(MINUTE.minusSeconds(2), MINUTE.plusSeconds(1));
    assertThat(watch.brakes().get(0))
        .satisfies(
            brake -> {
              assertThat(brake.measure().value()).isNull();
              assertThat(brake.detail()).isEqualTo(why);
            });
  }

  private void goesOn() {
    passUntil(() -> watch.brakes().isEmpty());
    stop.awaitRelease();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
