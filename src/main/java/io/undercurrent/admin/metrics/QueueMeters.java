package io.undercurrent.admin.metrics;

import static java.util.stream.Collectors.toMap;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.state.Measure;
import io.undercurrent.state.UpdateState;
import io.undercurrent.status.DatabaseStatus;
import io.undercurrent.status.DatabaseStatus.UpdateView;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a look at a database has found: its server, its queue, and what holds that. */
final class QueueMeters {

  /** Signals are looked at every few seconds while there is something to run. */
  private static final Duration STALE = Duration.ofMinutes(1);

  private final MeterRegistry registry;
  private final TimeSource time;
  private final Map<String, Measured> measured = new ConcurrentHashMap<>();
  private final Tags tags;
  private final ChangingGauge updates;
  private final ChangingGauge held;
  private final ChangingGauge givenUp;
  private final ChangingGauge quarantined;
  private final ChangingGauge progress;
  private final ChangingGauge hold;
  private final ChangingGauge value;
  private final ChangingGauge threshold;
  private volatile @Nullable Sight seen;

  QueueMeters(MeterRegistry registry, TimeSource time, String database) {
    this.registry = registry;
    this.time = time;
    this.tags = Tags.of("database", database);
    this.updates = changing("updates", "Queued updates by state", null);
    this.held = changing("held.updates", "Queued updates by what holds them", null);
    this.givenUp = changing("given.up.updates", "Queued updates that were given up", null);
    this.quarantined =
        changing("quarantined.rows", "Rows in quarantine, 10,000 also where there are more", null);
    this.progress =
        changing("progress", "How much of the current update is done at least, 0 to 1", "ratio");
    this.hold = changing("hold", "1 where a signal of the database's health holds updates", null);
    this.value =
        changing("signal.value", "The signal's value, in seconds, bytes or as a number", null);
    this.threshold = changing("signal.threshold", "Above it, the signal holds updates", null);
    flag("database.down", "1 while the database cannot be asked", Sight::down);
    flag("database.read.only", "1 while the server accepts no writes", Sight::readOnly);
    flag("runner.failing", "1 while something else keeps runners from their work", Sight::failing);
    flag("standby", "1 while another process holds the lease", Sight::standby);
  }

  private ChangingGauge changing(String name, String description, @Nullable String unit) {
    return new ChangingGauge(registry, "undercurrent." + name, description, unit);
  }

  private void flag(String name, String description, Predicate<Sight> flag) {
    Gauge.builder(
            "undercurrent." + name,
            () -> {
              var sight = seen;
              return sight == null ? Double.NaN : number(flag.test(sight));
            })
        .description(description)
        .tags(tags)
        .register(registry);
  }

  private static double number(boolean flag) {
    return flag ? 1 : 0;
  }

  /** The database has been looked at; where it is down, nothing else is known. */
  void see(Sight sight) {
    seen = sight;
    var status = sight.status();
    var known = !sight.down();
    updates.set(known ? byState(status) : Map.of());
    held.set(count(status, view -> view.holds().stream().map(held -> held.kind().json())));
    givenUp.set(known ? one(givenUp(status)) : Map.of());
    quarantined.set(known ? one(sight.quarantined()) : Map.of());
    progress.set(progress(status));
    hold.set(brakes(status, measure -> 1.0));
    measured.values().removeIf(look -> time.since(look.at()).compareTo(STALE) > 0);
    value.set(figures(status, Measure::value));
    threshold.set(figures(status, Measure::threshold));
  }

  private Map<Tags, Double> one(double number) {
    return Map.of(tags, number);
  }

  private static double givenUp(DatabaseStatus status) {
    return status.updates().stream()
        .filter(view -> view.holds().stream().anyMatch(hold -> hold.is(Kind.GIVEN_UP)))
        .count();
  }

  private Map<Tags, Double> byState(DatabaseStatus status) {
    var numbers = new HashMap<Tags, Double>();
    EnumSet.allOf(UpdateState.class).stream()
        .filter(UpdateState::isQueued)
        .forEach(state -> numbers.put(tags.and("state", state.json()), 0.0));
    status
        .updates()
        .forEach(view -> numbers.merge(tags.and("state", view.state().json()), 1.0, Double::sum));
    return numbers;
  }

  private Map<Tags, Double> count(
      DatabaseStatus status, Function<UpdateView, Stream<String>> reasons) {
    return status.updates().stream()
        .flatMap(view -> reasons.apply(view).distinct())
        .filter(reason -> !reason.equals(Kind.MOVING.json()))
        .collect(toMap(reason -> tags.and("reason", reason), reason -> 1.0, Double::sum));
  }

  private Map<Tags, Double> progress(DatabaseStatus status) {
    var current = status.current();
    return current == null || current.progress() == null
        ? Map.of()
        : Map.of(tags.and("update", current.name()), current.progress().percent() / 100);
  }

  /** A signal was looked at by a runner of this process. */
  void measured(Measure measure) {
    measured.put(measure.signal(), new Measured(measure, time.nanos()));
  }

  /** Those of the signals that hold, whoever runs the updates, and of those looked at here. */
  private Map<Tags, Double> figures(
      DatabaseStatus status, Function<Measure, @Nullable Double> figure) {
    var numbers = brakes(status, figure);
    measured
        .values()
        .forEach(
            look -> {
              var number = figure.apply(look.measure());
              if (number != null) {
                numbers.put(tags.and("signal", look.measure().signal()), number);
              }
            });
    return numbers;
  }

  /** Of several that are measured by the same signal, the worst is shown. */
  private Map<Tags, Double> brakes(
      DatabaseStatus status, Function<Measure, @Nullable Double> figure) {
    var numbers = new HashMap<Tags, Double>();
    status.updates().stream()
        .flatMap(view -> view.holds().stream())
        .filter(hold -> hold.is(Kind.BRAKE))
        .forEach(
            hold -> {
              var measure = hold.measure();
              var number = measure == null ? null : figure.apply(measure);
              if (measure != null && number != null) {
                numbers.merge(tags.and("signal", measure.signal()), number, Math::max);
              }
            });
    return numbers;
  }

  private record Measured(Measure measure, long at) {}

  /**
   * What a look has found.
   *
   * @param status what the queue does
   * @param readOnly whether the server accepts no writes
   * @param quarantined how many rows are in quarantine
   */
  record Sight(DatabaseStatus status, boolean readOnly, long quarantined) {

    boolean down() {
      return status.problem() != null;
    }

    boolean failing() {
      return !down()
          && !readOnly
          && status.holds().stream().anyMatch(hold -> hold.is(Kind.RUNNER_FAILS));
    }

    boolean standby() {
      var runner = status.runner();
      return runner != null && !runner.thisProcess();
    }
  }
}
