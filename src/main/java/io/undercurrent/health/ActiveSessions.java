package io.undercurrent.health;

import io.undercurrent.state.Measure.Unit;
import java.time.Duration;

/** The load: how many sessions of others are in a statement. */
record ActiveSessions(Limits limits) implements Signal {

  static final String NAME = "active-sessions";

  /** How many a server bears depends on its processors, which SQL does not say. */
  static final Limits OWN = new Limits(null, null, Duration.ZERO, true, Unit.COUNT);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Reading look(Look look) {
    var active =
        look.jdbc()
            .sql(
                """
                SELECT count(*)
                  FROM pg_stat_activity
                 WHERE backend_type = 'client backend'
                   AND state = 'active'
                   AND application_name NOT LIKE 'undercurrent%'""")
            .query(Long.class)
            .single();
    return new Reading.Value(active, null, null);
  }
}
