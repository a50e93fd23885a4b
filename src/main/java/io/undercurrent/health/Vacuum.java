package io.undercurrent.health;

import io.undercurrent.health.SignalProperties.IfUnknown;
import io.undercurrent.sql.StoredRelations;
import io.undercurrent.state.Measure.Unit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many autovacuums are at work on a table of the update in hand, on its partitions and on what
 * is kept out of line: those against wraparound, or any.
 *
 * @param any whether any counts
 */
record Vacuum(Limits limits, boolean any) implements Signal {

  static final String NAME = "vacuum";

  private static final Limits OWN = new Limits(0.0, null, Duration.ZERO, true, Unit.COUNT);

  private static final String AT_WORK =
      """
      SELECT EXISTS (
        SELECT
          FROM pg_stat_get_progress_info('VACUUM')
         WHERE datid = (SELECT oid FROM pg_database WHERE datname = current_database()))""";

  /**
   * Autovacuum has no user, and says in its query what it is for. A role that may not see that sees
   * its lock, and that the table's age is past what wraparound allows.
   */
  private static final String QUERY =
      """
      SELECT CAST(CAST(root AS regclass) AS text) AS name, count(*) AS vacuums,
             bool_or(wraparound) AS wraparound
        FROM (SELECT root,
                     CASE WHEN %s
                          THEN age(relfrozenxid) > current_setting('autovacuum_freeze_max_age')::int
                               OR mxid_age(relminmxid)
                                  > current_setting('autovacuum_multixact_freeze_max_age')::int
                          ELSE query LIKE '%%(to prevent wraparound)' END AS wraparound
                FROM pg_stat_progress_vacuum AS progress
                JOIN pg_stat_activity USING (pid)
                JOIN stored ON relation = relid
                            OR relid IS NULL
                               AND EXISTS (SELECT
                                             FROM pg_locks
                                            WHERE pg_locks.pid = progress.pid
                                              AND locktype = 'relation'
                                              AND pg_locks.relation = stored.relation
                                              AND mode = 'ShareUpdateExclusiveLock'
                                              AND granted)
               WHERE progress.datname = current_database()
                 AND usesysid IS NULL) AS vacuum
       WHERE wraparound OR :any
       GROUP BY root
       ORDER BY wraparound DESC, vacuums DESC
       LIMIT 1"""
          .formatted(OtherSessions.HIDDEN);

  /**
   * What is configured of it.
   *
   * @param hold so many may be at work: {@code 0}, or {@code off}
   * @param critical above it, the update is paused for good; a number, or {@code off}
   * @param backOff how long it holds at least
   * @param ifUnknown what becomes of updates once it could not be read for {@code
   *     undercurrent.health.unknown-after}
   * @param any whether any autovacuum counts, not only one against wraparound
   */
  record Properties(
      @Nullable String hold,
      @Nullable String critical,
      @Nullable Duration backOff,
      @Nullable IfUnknown ifUnknown,
      @DefaultValue("false") boolean any) {}

  static Vacuum of(@Nullable Properties configured) {
    if (configured == null) {
      return new Vacuum(OWN, false);
    }
    var signal =
        new SignalProperties(
            configured.hold, configured.critical, configured.backOff, configured.ifUnknown);
    return new Vacuum(signal.or(NAME, OWN), configured.any);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Duration every() {
    return SELDOM;
  }

  @Override
  public Reading look(Look look) {
    if (look.tables().isEmpty()) {
      return new Reading.Nothing(Look.NO_TABLES);
    }
    // There seldom is one, and to look whose it is costs more.
    if (!look.jdbc().sql(AT_WORK).query(Boolean.class).single()) {
      return new Reading.Value(0, null, null);
    }
    return StoredRelations.sql(look.jdbc(), look.tables(), QUERY)
        .param("any", any)
        .query(Found.class)
        .optional()
        .map(
            found ->
                new Reading.Value(
                    found.vacuums,
                    found.name,
                    found.wraparound ? "autovacuum, to prevent wraparound" : "autovacuum"))
        .orElseGet(() -> new Reading.Value(0, null, null));
  }

  private record Found(String name, long vacuums, boolean wraparound) {}
}
