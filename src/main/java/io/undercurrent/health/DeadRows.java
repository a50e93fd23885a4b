package io.undercurrent.health;

import io.undercurrent.sql.StoredRelations;
import io.undercurrent.state.Measure.Unit;
import java.time.Duration;
import java.util.Locale;

/**
 * How many dead rows autovacuum is due to remove from the table of the update in hand that has the
 * most of them. Those of which it will not come yet do not count: nobody could wait for that; where
 * it is off, all count.
 */
record DeadRows(Limits limits) implements Signal {

  static final String NAME = "dead-rows";

  /** How many a table bears depends on its size, and an update of all its rows makes as many. */
  static final Limits OWN = new Limits(null, null, Duration.ZERO, true, Unit.COUNT);

  /** As autovacuum reckons; PostgreSQL 18 knows a most that it waits for. */
  private static final String QUERY =
      """
      , rows AS (
        SELECT root, pg_stat_get_dead_tuples(relation) AS dead,
               CAST(current_setting('autovacuum') AS boolean)
                 AND CAST(current_setting('track_counts') AS boolean)
                 AND CAST(coalesce(enabled, 'on') AS boolean) AS cleaned,
               least(CAST(coalesce(least, current_setting('autovacuum_vacuum_threshold')) AS real)
                       + CAST(coalesce(scale, current_setting('autovacuum_vacuum_scale_factor'))
                              AS real) * greatest(reltuples, 0),
                     nullif(CAST(coalesce(most,
                                          current_setting('autovacuum_vacuum_max_threshold', true))
                                 AS real), -1)) AS due
          FROM stored
         CROSS JOIN LATERAL (
           SELECT max(option_value) FILTER (WHERE option_name = 'autovacuum_enabled') AS enabled,
                  max(option_value) FILTER (WHERE option_name = 'autovacuum_vacuum_threshold')
                    AS least,
                  max(option_value) FILTER (WHERE option_name = 'autovacuum_vacuum_scale_factor')
                    AS scale,
                  max(option_value) FILTER (WHERE option_name = 'autovacuum_vacuum_max_threshold')
                    AS most
             FROM pg_options_to_table(options)) AS options
      )
      SELECT CAST(CAST(root AS regclass) AS text) AS name, sum(dead) AS dead, sum(due) AS due,
             coalesce(sum(dead) FILTER (WHERE NOT cleaned OR dead > due), 0) AS counted,
             bool_or(NOT cleaned AND dead > 0) AS uncleaned
        FROM rows
       GROUP BY root
       ORDER BY counted DESC, dead DESC
       LIMIT 1""";

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
    return StoredRelations.sql(look.jdbc(), look.tables(), QUERY)
        .query(Found.class)
        .optional()
        .<Reading>map(found -> new Reading.Value(found.counted, found.name, found.words()))
        .orElseGet(() -> new Reading.Nothing(Look.NO_TABLES));
  }

  private record Found(String name, long dead, double due, long counted, boolean uncleaned) {

    String words() {
      if (uncleaned) {
        return "autovacuum is off for it; run: VACUUM " + name;
      }
      return String.format(
          Locale.ROOT,
          "%,d dead rows; autovacuum comes from %,.0f on%s",
          dead,
          due,
          counted == 0 ? "" : ", and is due");
    }
  }
}
