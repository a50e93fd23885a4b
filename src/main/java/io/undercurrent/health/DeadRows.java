package io.undercurrent.health;

import io.undercurrent.sql.StoredRelations;
import io.undercurrent.state.Measure.Unit;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How many dead rows autovacuum is due to remove from the table of the update in hand that has the
 * most of them. Those of which it will not come yet do not count: nobody could wait for that; where
 * it is off, all count.
 */
record DeadRows(Limits limits) implements Signal {

  static final String NAME = "dead-rows";

  /** How many a table bears depends on its size, and an update of all its rows makes as many. */
  static final Limits OWN = new Limits(null, null, Duration.ZERO, true, Unit.COUNT);

  /** A setting of the table's, which one of what is kept out of line has from its table. */
  private static final String SETTING =
      """
      SELECT coalesce((SELECT option_value FROM pg_options_to_table(reloptions)
                        WHERE option_name = '%1$s'),
                      (SELECT option_value FROM pg_class owner, pg_options_to_table(owner.reloptions)
                        WHERE owner.oid = main AND option_name = '%1$s'),
                      current_setting('%2$s', true))""";

  /** As autovacuum reckons; PostgreSQL 18 knows a most that it waits for. */
  private static final String QUERY =
      """
      , rows AS (
        SELECT root, pg_stat_get_dead_tuples(relation) AS dead,
               CAST((%s) AS boolean) AND CAST(current_setting('autovacuum') AS boolean)
                 AND CAST(current_setting('track_counts') AS boolean) AS cleaned,
               CAST((%s) AS double precision)
                 + CAST((%s) AS double precision) * greatest(reltuples, 0) AS due,
               nullif(CAST((%s) AS double precision), -1) AS most
          FROM stored
      )
      SELECT CAST(CAST(root AS regclass) AS text) AS name, sum(dead) AS dead,
             coalesce(sum(dead) FILTER (WHERE NOT cleaned OR dead > least(due, most)), 0) AS counted,
             sum(least(due, most)) AS due,
             bool_or(NOT cleaned AND dead > 0) AS uncleaned
        FROM rows
       GROUP BY root
       ORDER BY counted DESC, dead DESC
       LIMIT 1"""
          .formatted(
              setting("autovacuum_enabled", "autovacuum"),
              setting("autovacuum_vacuum_threshold"),
              setting("autovacuum_vacuum_scale_factor"),
              setting("autovacuum_vacuum_max_threshold"));

  private static String setting(String name) {
    return setting(name, name);
  }

  private static String setting(String name, String server) {
    return SETTING.formatted(name, server);
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
    return StoredRelations.sql(look.jdbc(), look.tables(), QUERY)
        .query(Found.class)
        .optional()
        .<Reading>map(found -> new Reading.Value(found.counted, found.name, found.words()))
        .orElseGet(() -> new Reading.Nothing(Look.NO_TABLES));
  }

  private record Found(
      String name, long dead, long counted, @Nullable Double due, boolean uncleaned) {

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
