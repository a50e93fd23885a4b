package io.undercurrent.key;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * Where a key stands among all keys of a table, by the planner's statistics on the key's first
 * column; no row of the table is read.
 *
 * <p>A histogram's buckets hold equal shares of the rows that are not among the most common values:
 * <a href="https://www.postgresql.org/docs/current/view-pg-stats.html">pg_stats</a>.
 */
public final class KeyAxis {

  private static final String COLUMN =
      """
      coalesce(CAST(:column AS text),
               (SELECT attname
                  FROM pg_index
                  JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
                 WHERE indrelid = to_regclass(:table)
                   AND indisprimary))""";

  private final JdbcClient jdbc;
  private final String table;
  private final @Nullable String column;
  private final boolean bounded;
  private final boolean descending;

  /**
   * An axis that is walked upwards as a whole.
   *
   * @param table the table as written in SQL
   * @param column the key's first column, or null for that of the primary key
   */
  public KeyAxis(JdbcClient jdbc, String table, @Nullable String column) {
    this(jdbc, table, column, false, false);
  }

  private KeyAxis(
      JdbcClient jdbc, String table, @Nullable String column, boolean bounded, boolean descending) {
    this.jdbc = jdbc;
    this.table = table;
    this.column = column;
    this.bounded = bounded;
    this.descending = descending;
  }

  /**
   * The same axis, but walked in another way.
   *
   * @param bounded whether a part of it is left out
   * @param descending whether it is walked downwards
   */
  public KeyAxis walked(boolean bounded, boolean descending) {
    return new KeyAxis(jdbc, table, column, bounded, descending);
  }

  /**
   * Which share of a walk is done.
   *
   * @param begin the column's value at which it begins, or null for the least key
   * @param at the one at which it is
   * @param end the one at which it ends, or null for the greatest key
   * @return nothing where the statistics do not say it
   */
  public Optional<Share> walked(@Nullable String begin, String at, @Nullable String end) {
    var share = upTo(at);
    if (!bounded) {
      return descending ? share.map(Share::fromAbove) : share;
    }
    var first = begin == null ? Optional.of(new Share(0, 0)) : upTo(begin);
    var last = end == null ? Optional.of(new Share(1, 1)) : upTo(end);
    return share.flatMap(
        here -> first.flatMap(from -> last.map(to -> here.between(from, to, descending))));
  }

  /**
   * Which share of the rows lies at or before a value of the column.
   *
   * @param value in text form
   * @return nothing where the table was never analysed, or has too few rows for statistics
   */
  public Optional<Share> upTo(String value) {
    return type().flatMap(type -> share(type, value));
  }

  /**
   * How many rows the tables of some axes have together, by the planner's estimate.
   *
   * @return nothing unless all of them were analysed and are walked as a whole
   */
  public static OptionalDouble rows(JdbcClient jdbc, List<KeyAxis> axes) {
    if (axes.stream().anyMatch(axis -> axis.bounded)) {
      return OptionalDouble.empty();
    }
    return jdbc.sql(
            """
            SELECT CASE WHEN bool_and(rows >= 0) THEN sum(rows) END AS rows
              FROM unnest(CAST(:tables AS text[])) AS walked (name)
              LEFT JOIN LATERAL (
                SELECT CASE WHEN bool_and(reltuples >= 0) THEN sum(CAST(reltuples AS float8)) END AS rows
                  FROM pg_class
                 WHERE (oid = to_regclass(name) AND relkind <> 'p')
                    OR oid IN (SELECT relid
                                 FROM pg_partition_tree(to_regclass(name))
                                WHERE isleaf)
              ) AS estimated ON true""")
        .param("tables", new SqlArrayValue("text", axes.stream().map(axis -> axis.table).toArray()))
        .query((row, number) -> Optional.ofNullable(row.getObject("rows", Double.class)))
        .single()
        .map(OptionalDouble::of)
        .orElse(OptionalDouble.empty());
  }

  /**
   * The column's type and collation, as SQL names them; nothing for arrays, which have no buckets.
   */
  private Optional<String> type() {
    return jdbc.sql(
            """
            SELECT format('%I.%I', nspname, typname)
                   || coalesce((SELECT format(' COLLATE %I.%I', home.nspname, collname)
                                  FROM pg_collation
                                  JOIN pg_namespace home ON home.oid = collnamespace
                                 WHERE pg_collation.oid = attcollation
                                   AND collname <> 'default'), '')
              FROM pg_attribute
              JOIN pg_type ON pg_type.oid = atttypid
              JOIN pg_namespace ON pg_namespace.oid = typnamespace
             WHERE attrelid = to_regclass(:table)
               AND typcategory <> 'A'
               AND attname = """
                + COLUMN)
        .param("table", table)
        .param("column", column)
        .query(String.class)
        .optional();
  }

  private Optional<Share> share(String type, String value) {
    var bare = type.replaceFirst(" COLLATE .*", "");
    var collation = type.substring(bare.length());
    return jdbc.sql(
            """
            SELECT coalesce(frequent.below, 0) AS below, coalesce(frequent.same, 0) AS same,
                   1 - null_frac - coalesce(frequent.total, 0) AS others,
                   width_bucket(CAST(:value AS %1$s)%2$s, bounds) AS bucket,
                   cardinality(bounds) - 1 AS buckets
              FROM (SELECT null_frac, most_common_freqs AS freqs,
                           CAST(CAST(most_common_vals AS text) AS %1$s[]) AS common,
                           CAST(CAST(histogram_bounds AS text) AS %1$s[]) AS bounds
                      FROM pg_stats
                     WHERE (schemaname, tablename) = (
                             SELECT nspname, relname
                               FROM pg_class
                               JOIN pg_namespace ON pg_namespace.oid = relnamespace
                              WHERE pg_class.oid = to_regclass(:table))
                       AND attname = %3$s
                     ORDER BY inherited DESC
                     LIMIT 1) AS statistics
             CROSS JOIN LATERAL (
               SELECT sum(freq) AS total,
                      sum(freq) FILTER (WHERE NOT reached) AS below,
                      sum(freq) FILTER (WHERE reached AND reaches) AS same
                 FROM unnest(common, freqs) AS most_common (val, freq)
                -- It compares as the key's index does, which operators by name need not.
                CROSS JOIN LATERAL (
                  SELECT width_bucket(val, ARRAY[CAST(:value AS %1$s)%2$s]) = 1 AS reached,
                         width_bucket(CAST(:value AS %1$s)%2$s, ARRAY[val]) = 1 AS reaches) AS compared)
                   AS frequent
             WHERE common IS NOT NULL OR bounds IS NOT NULL"""
                .formatted(bare, collation, COLUMN))
        .param("value", value)
        .param("table", table)
        .param("column", column)
        .query(
            (row, number) ->
                share(
                    row.getDouble("below"),
                    row.getDouble("same"),
                    Math.max(0, row.getDouble("others")),
                    row.getObject("bucket", Integer.class),
                    row.getInt("buckets")))
        .optional();
  }

  private static Share share(
      double below, double same, double others, @Nullable Integer bucket, int buckets) {
    if (bucket == null || buckets < 1) {
      return new Share(below, below + same);
    }
    var before = Math.max(0, bucket - 1) / (double) buckets;
    var behind = Math.min(bucket, buckets) / (double) buckets;
    return new Share(below + others * before, below + same + others * behind);
  }

  /**
   * A share of all rows, from 0 to 1.
   *
   * @param least at least so many
   * @param most at most so many
   */
  public record Share(double least, double most) {

    /** What is left of all, counted from the other end. */
    Share fromAbove() {
      return new Share(1 - most, 1 - least);
    }

    /** How much of what lies between two others it is. */
    Share between(Share begin, Share end, boolean descending) {
      if (descending) {
        return fromAbove().between(begin.fromAbove(), end.fromAbove(), false);
      }
      var all = end.most - begin.least;
      var surely = end.least - begin.most;
      return new Share(
          all > 0 ? Math.min(1, Math.max(0, least - begin.most) / all) : 0,
          surely > 0 ? Math.min(1, Math.max(0, most - begin.least) / surely) : 1);
    }
  }
}
