package io.undercurrent.health;

import io.undercurrent.health.Reading.Nothing;
import io.undercurrent.health.Reading.Unknown;
import io.undercurrent.health.Reading.Value;
import io.undercurrent.health.Replication.Standby;
import io.undercurrent.state.Measure.Unit;
import java.time.Duration;
import java.util.Comparator;
import java.util.function.ToDoubleFunction;

/**
 * How far the standby is behind that is the furthest behind.
 *
 * @param figure what is measured of each
 */
record ReplicationSignal(
    String name, Limits limits, Replication replication, ToDoubleFunction<Standby> figure)
    implements Signal {

  private static final Limits LAG = new Limits(10.0, null, Duration.ZERO, true, Unit.SECONDS);

  /** What the lag's threshold comes to where a server writes 100 MB of log in a second. */
  private static final Limits BYTES =
      new Limits((double) (1L << 30), null, Duration.ZERO, true, Unit.BYTES);

  /** For how long it has had something to replay. */
  static ReplicationSignal lag(SignalProperties configured, Replication replication) {
    var name = "replication-lag";
    return new ReplicationSignal(
        name, configured.or(name, LAG), replication, Standby::secondsBehind);
  }

  /** How much it has yet to replay. */
  static ReplicationSignal bytes(SignalProperties configured, Replication replication) {
    var name = "replication-bytes";
    return new ReplicationSignal(
        name, configured.or(name, BYTES), replication, Standby::bytesBehind);
  }

  @Override
  public Reading look(Look look) {
    var view = replication.look(look);
    if (view.unreadable() != null) {
      return new Unknown(view.unreadable());
    }
    return view.standbys().stream()
        .max(Comparator.comparingDouble(figure))
        .<Reading>map(worst -> new Value(figure.applyAsDouble(worst), worst.name(), worst.detail()))
        .orElseGet(() -> new Nothing("no standby is connected"));
  }
}
