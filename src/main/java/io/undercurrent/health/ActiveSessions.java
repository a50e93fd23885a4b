package io.undercurrent.health;

import io.undercurrent.state.Measure.Unit;
import java.time.Duration;

/**
 * The load: how many sessions of others, of all databases, are at work in a statement. One that
 * waits for its client or sleeps is not at work; parallel workers count with their leader.
 */
record ActiveSessions(Limits limits) implements Signal {

  static final String NAME = "active-sessions";

  /** How many a server bears depends on its processors, which SQL does not say. */
  static final Limits OWN = new Limits(null, null, Duration.ZERO, true, Unit.COUNT);

  private static final String QUERY =
      """
      SELECT count(*) FILTER (
               WHERE backend_type = 'client backend'
                 AND state IN ('active', 'fastpath function call')
                 AND wait_event_type IS DISTINCT FROM 'Client'
                 AND wait_event IS DISTINCT FROM 'PgSleep') AS active,
             count(*) FILTER (WHERE %s AND usesysid IS NOT NULL) AS hidden,
             quote_ident(current_user) AS role
        FROM pg_stat_activity
       WHERE %s"""
          .formatted(OtherSessions.HIDDEN, OtherSessions.CONDITION);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Duration every() {
    return AT_ONCE;
  }

  @Override
  public Reading look(Look look) {
    var found = look.jdbc().sql(QUERY).query(Found.class).single();
    return found.hidden == 0
        ? new Reading.Value(found.active, null, null)
        : new Reading.Unknown(
            "the role may not see whether %d sessions of other roles are active; let it with: %s"
                .formatted(found.hidden, OtherSessions.wayOut(found.role)));
  }

  private record Found(long active, long hidden, String role) {}
}
