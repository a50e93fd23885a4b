package io.undercurrent.health;

import io.undercurrent.health.Reading.Nothing;
import io.undercurrent.health.Reading.Unknown;
import io.undercurrent.health.Reading.Value;
import io.undercurrent.state.Measure.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How many standbys are missing that somebody expects; any role can see that. */
record ExpectedStandbys(Limits limits, List<String> expected, Replication replication)
    implements Signal {

  static final String NAME = "standbys";

  private static final Limits OWN = new Limits(0.0, null, Duration.ZERO, true, Unit.COUNT);

  ExpectedStandbys(StandbysProperties configured, Replication replication) {
    this(configured.signal().or(NAME, OWN), configured.expected(), replication);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Reading look(Look look) {
    if (expected.isEmpty()) {
      return new Nothing("none is expected: undercurrent.health.standbys.expected is empty");
    }
    var view = replication.look(look);
    if (view.inRecovery()) {
      return new Unknown(Replication.IN_RECOVERY);
    }
    var missing = new ArrayList<>(expected);
    view.connected().forEach(missing::remove);
    return missing.isEmpty()
        ? new Value(0, null, null)
        : new Value(missing.size(), String.join(", ", missing), "not connected");
  }
}
