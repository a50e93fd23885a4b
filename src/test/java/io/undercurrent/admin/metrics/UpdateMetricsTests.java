package io.undercurrent.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.undercurrent.admin.metrics.QueueMeters.Sight;
import io.undercurrent.lease.RunnerView;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.state.Measure;
import io.undercurrent.state.Measure.Unit;
import io.undercurrent.state.UpdateState;
import io.undercurrent.status.DatabaseStatus;
import io.undercurrent.status.DatabaseStatus.UpdateView;
import io.undercurrent.testing.SteppedTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What looks at a database come to, and how long the series of an update stay. */
class UpdateMetricsTests {

  private static final Instant THEN = Instant.EPOCH;

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final SteppedTime time = new SteppedTime();
  private final UpdateMetrics metrics = new UpdateMetrics(registry, new Availability(), "", time);

  @Test
  void forgetsAnUpdateWhenItHasLeftTheQueueForAWhile() {
    metrics.failed("master", "fill");
    see(queued("fill", UpdateState.RUNNING));
    time.pass(DatabaseMeters.KEPT.multipliedBy(2));
    see(queued("fill", UpdateState.RUNNING));
    time.pass(DatabaseMeters.KEPT);
    see();

    assertThat(value("undercurrent.failures", "update", "fill")).isEqualTo(1);

    time.pass(Duration.ofSeconds(1));
    see();

    assertThat(registry.getMeters())
        .isNotEmpty()
        .noneMatch(meter -> "fill".equals(meter.getId().getTag("update")));
  }

  @Test
  void countsWhatIsQueuedByStateAndByWhatHoldsIt() {
    see(
        queued("a", UpdateState.GIVEN_UP, Kind.GIVEN_UP, Kind.PAUSED),
        queued("b", UpdateState.PAUSED, Kind.PAUSED),
        queued("c", UpdateState.CYCLE, Kind.CYCLE, Kind.GIVEN_UP));

    assertThat(value("undercurrent.given.up.updates", "database", "master")).isEqualTo(2);
    assertThat(value("undercurrent.updates", "state", "given-up")).isEqualTo(1);
    assertThat(value("undercurrent.updates", "state", "running")).isZero();
    assertThat(value("undercurrent.held.updates", "reason", "paused")).isEqualTo(2);

    see();

    assertThat(value("undercurrent.given.up.updates", "database", "master")).isZero();
    assertThat(value("undercurrent.held.updates", "reason", "paused")).isNull();
  }

  @Test
  void showsASignalWithItsThresholdForAsLongAsItHolds() {
    var measure = new Measure("slots", "backup", 3e9, 1e9, Unit.BYTES);
    var hold = Hold.of(Kind.BRAKE, "fill").measure(measure);
    see(new UpdateView(update("fill"), UpdateState.HELD, List.of(hold), 0));

    assertThat(value("undercurrent.hold", "signal", "slots")).isEqualTo(1);
    assertThat(value("undercurrent.signal.value", "signal", "slots")).isEqualTo(3e9);
    assertThat(value("undercurrent.signal.threshold", "signal", "slots")).isEqualTo(1e9);

    see(queued("fill", UpdateState.RUNNING));

    assertThat(value("undercurrent.hold", "signal", "slots")).isNull();
  }

  @Test
  void tellsADatabaseThatIsDownFromOneThatAnotherProcessRuns() {
    metrics.see(new Sight(DatabaseStatus.unreachable("master", "no"), false, 0));

    assertThat(value("undercurrent.database.down", "database", "master")).isEqualTo(1);
    assertThat(value("undercurrent.standby", "database", "master")).isZero();
    assertThat(value("undercurrent.quarantined.rows", "database", "master"))
        .as("what is not known")
        .isNull();

    var other = new RunnerView(false, "pid 1 on host", THEN, THEN);
    metrics.see(new Sight(status(other, List.of()), true, 5));

    assertThat(value("undercurrent.database.down", "database", "master")).isZero();
    assertThat(value("undercurrent.database.read.only", "database", "master")).isEqualTo(1);
    assertThat(value("undercurrent.standby", "database", "master")).isEqualTo(1);
    assertThat(value("undercurrent.quarantined.rows", "database", "master")).isEqualTo(5);
    assertThat(value("undercurrent.lease.held", "database", "master")).isZero();
  }

  private void see(UpdateView... updates) {
    metrics.see(new Sight(status(null, List.of(updates)), false, 0));
  }

  private static DatabaseStatus status(@Nullable RunnerView runner, List<UpdateView> updates) {
    return new DatabaseStatus("master", null, true, runner, null, updates, List.of(), List.of());
  }

  private static UpdateView queued(String name, UpdateState state, Kind... holds) {
    return new UpdateView(
        update(name), state, Stream.of(holds).map(kind -> Hold.of(kind, name)).toList(), 0);
  }

  private static QueuedUpdate update(String name) {
    return new QueuedUpdate(
        name, name, 1, null, 0, THEN, 0, null, null, null, null, null, null, null);
  }

  private @Nullable Double value(String name, String label, String value) {
    return registry.find(name).tag(label, value).meters().stream()
        .map(meter -> meter.measure().iterator().next().getValue())
        .findFirst()
        .orElse(null);
  }
}
