package io.undercurrent.health;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.inChunksOf;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.health.Reading.Value;
import io.undercurrent.iteration.Beans;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A run that a signal holds; looks and iterations are written down in their order. */
final class HeldRun implements AutoCloseable {

  private static final Duration EVERY = Duration.ofMillis(300);

  private final Database database;
  private final String table;
  private final String name;
  private final ScriptedController script = new ScriptedController();
  private final List<String> events = script.events;
  private final CountDownLatch high = new CountDownLatch(1);
  private final Engine engine;

  /**
   * A run of ten chunks, which does not begin yet.
   *
   * @param table the name of its table and of its update, which are new
   */
  HeldRun(Database database, String table, Signal signal) {
    this.database = database;
    this.table = table;
    this.name = signal.name();
    database.prepare();
    createTable(database, table, 1_000);
    this.engine =
        new Engine(
            database,
            new RunnerContext(script.controller(), Beans.NONE)
                .watching(name -> List.of(new Watched(signal))),
            job(inChunksOf(100, counting(table, table))));
  }

  /**
   * Runs until the signal holds.
   *
   * @param trouble makes that so, before the third iteration
   * @return what {@code why} says
   */
  String whenIn(ScriptedController.Action trouble) {
    script.atIteration(
        3,
        () -> {
          trouble.run();
          assertThat(high.await(30, TimeUnit.SECONDS)).isTrue();
        });
    engine.queue(table).run();
    Engine.await().until(() -> reason().contains("held since"));
    return reason();
  }

  private String reason() {
    return engine.status().reason() + "";
  }

  /** Lets it go on to its end, which it does by itself once the signal is well. */
  void goesOn() {
    engine.awaitEmptyQueue();
    // Looks go on meanwhile.
    var seen = List.copyOf(events);
    var braked = next("look", seen, seen.indexOf("high"));
    var well = next("well", seen, braked);
    var afterwards = seen.subList(well, next("exit", seen, well));

    assertThat(Collections.frequency(seen.subList(braked, well), "exit"))
        .as("iterations from the look after the one that found it: the one under way")
        .isLessThan(2);
    assertThat(Collections.frequency(afterwards, "look")).isLessThan(3);
    assertThat(Rows.of(database, "SELECT sum(n) FROM " + table)).containsExactly("1000");
    Rows.await(
        database,
        "SELECT 1 FROM undercurrent.run_times WHERE update_name = '%s' AND activity = 'held:%s'"
            .formatted(table, name));
  }

  private static int next(String event, List<String> events, int from) {
    return from + events.subList(from, events.size()).indexOf(event);
  }

  @Override
  public void close() throws InterruptedException {
    engine.close();
  }

  /** A signal of which each look is written down. */
  private final class Watched implements Signal {

    private final Signal signal;

    Watched(Signal signal) {
      this.signal = signal;
    }

    @Override
    public String name() {
      return signal.name();
    }

    @Override
    public Limits limits() {
      return signal.limits();
    }

    @Override
    public Duration every() {
      return EVERY;
    }

    @Override
    public Reading look(Look look) {
      events.add("look");
      var reading = signal.look(look);
      var found = reading instanceof Value value ? value : new Value(0, null, null);
      var threshold = found.threshold(limits().hold());
      if (found.value() > threshold) {
        events.add("high");
        high.countDown();
      } else if (found.value() <= 0.8 * threshold) {
        events.add("well");
      }
      return reading;
    }
  }
}
