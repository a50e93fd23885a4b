package io.undercurrent.rows;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.page.KeysetChunk;
import io.undercurrent.page.Read;
import io.undercurrent.page.TablePages;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.CountedSql;
import io.undercurrent.sql.CountedSql.Effect;
import io.undercurrent.sql.SetColumns;
import io.undercurrent.sql.SqlTemplate;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Changes the rows of a range of keys with a single statement, which also looks which of them
 * match: no key leaves the server but the last.
 *
 * @param change the UPDATE or DELETE, up to its condition
 * @param onlyIf which of the rows that match it changes, or null for all
 * @param counts whether it has to count the rows that match apart from those that it changes
 */
record RangeWriter(
    JdbcTemplate jdbc,
    BoundSql change,
    @Nullable BoundSql onlyIf,
    boolean deletes,
    boolean counts,
    TimeSource time) {

  /**
   * Has a range of keys be looked up in the key's index, whatever the statistics say of it: a
   * comparison of rows, and a table that has grown since it was analysed, would be scanned.
   */
  static final String BY_INDEX =
      "SET LOCAL plan_cache_mode = force_custom_plan;\nSET LOCAL random_page_cost = 0.1;\n";

  private static final String KEYS = "undercurrent_keys";
  private static final String CHANGED = "undercurrent_changed";

  /** Whether a row may match and be deleted, as the statement sees it, and yet stay. */
  private static final String KEEPING_TRIGGERS =
      """
      SELECT EXISTS (
        SELECT
          FROM pg_trigger
         WHERE NOT tgisinternal
           AND tgtype & 3 = 3
           AND (tgrelid = to_regclass(?)
                OR tgrelid IN (SELECT relid FROM pg_partition_tree(to_regclass(?)))))""";

  private static final Set<String> QUERIES = Set.of("SELECT", "TABLE", "VALUES");

  private static final String OWN_FUNCTIONS =
      """
      SELECT EXISTS (
        SELECT
          FROM pg_proc
          JOIN pg_namespace ON pg_namespace.oid = pronamespace
         WHERE proname = ANY (CAST(? AS text[]))
           AND provolatile <> 'i'
           AND nspname <> 'pg_catalog')""";

  private static final String RULES =
      """
      SELECT EXISTS (
        SELECT
          FROM pg_rewrite
         WHERE ev_class = to_regclass(?)
           AND ev_type <> '1')""";

  /**
   * One that does what an update does, unless only its chunks' rows can do that: what others change
   * while a range waits for them would be missing from the rows that are expected.
   *
   * @param change how its statement is asked for a range; empty if it cannot be
   */
  static Optional<RangeWriter> of(
      JdbcTemplate jdbc,
      ReadWrite work,
      Optional<RangeChange> change,
      Map<String, Object> values,
      TimeSource time) {
    if (change.isEmpty()
        || !(work.read() instanceof Read.Table table)
        || work.expect() != null && work.expect().least() > 0
        || change.get().mentionsChunk(text(table))
        || table.where() != null && looksElsewhere(jdbc, change.get().text(text(table)), values)
        || is(jdbc, RULES, table.table())) {
      return Optional.empty();
    }
    var range = change.get();
    var counts =
        table.where() != null
            && (!range.deletes() || is(jdbc, KEEPING_TRIGGERS, table.table(), table.table()));
    return Optional.of(
        new RangeWriter(
            jdbc,
            BoundSql.of(range.statement(), values),
            range.onlyIf() == null ? null : BoundSql.of(range.onlyIf(), values),
            range.deletes(),
            counts,
            time));
  }

  private static @Nullable String text(Read.Table table) {
    return table.where() == null ? null : table.where().text();
  }

  /**
   * Whether it may read other rows. A statement that waits for a row looks at that one again as it
   * is by then, but at all others as they were before: a row that matched by those would be changed
   * though it no longer does.
   */
  private static boolean looksElsewhere(JdbcTemplate jdbc, String sql, Map<String, Object> values) {
    var tokens = SqlTemplate.parse(sql, values).tokens();
    var words = tokens.stream().map(token -> token.toUpperCase(Locale.ROOT)).toList();
    return !Collections.disjoint(words, QUERIES)
        || BoundSql.of(OWN_FUNCTIONS, List.of(tokens.stream().map(SetColumns::name).toList()))
            .query(jdbc, (row, number) -> row.getBoolean(1))
            .get(0);
  }

  private static boolean is(JdbcTemplate jdbc, String sql, String... names) {
    return BoundSql.of(sql, List.of(names)).query(jdbc, (row, number) -> row.getBoolean(1)).get(0);
  }

  /** Changes the rows over which a walk went, in the same transaction. */
  Written write(TablePages pages, KeysetChunk walk) {
    var begin = time.nanos();
    var statement = statement(pages, walk);
    Written written;
    if (counts) {
      written =
          statement.query(jdbc, (row, number) -> Written.of(row.getLong(1), row.getLong(2))).get(0);
    } else {
      var changed = requireNonNull(new CountedSql(statement, Effect.COUNTED).execute(jdbc));
      // Rows may have come into the range since the walk.
      var matching = pages.filter() == null ? Math.max(walk.rowsWalked(), changed) : changed;
      written = Written.of(matching, changed);
    }
    return written.in(time.since(begin));
  }

  /** The statement that does. */
  BoundSql statement(TablePages pages, KeysetChunk walk) {
    var between = between(pages, walk);
    var direct =
        new Text()
            .add(change)
            .add("\n WHERE ")
            .add(between)
            .add(only(there(pages, between), filter(pages), onlyIf));
    if (!counts) {
      return direct.sql();
    }
    return new Text()
        .add("WITH " + CHANGED + " AS (\n")
        .add(direct.sql())
        .add("\nRETURNING 1)\nSELECT (SELECT count(*) FROM ")
        .add(pages.sql().source())
        .add("\n WHERE ")
        .add(between)
        .add(only(there(pages, between), filter(pages)))
        .add("), (SELECT count(*) FROM " + CHANGED + ")")
        .sql();
  }

  /** Changes the first so many rows that match, of those over which a walk went. */
  Written writeAtMost(TablePages pages, KeysetChunk walk, int most) {
    return atMost(pages, walk, most)
        .query(
            jdbc,
            (row, number) -> {
              var last = new ArrayList<String>();
              for (int i = 5; i < 5 + pages.sql().keyColumns(); i++) {
                if (row.getString(i) != null) {
                  last.add(row.getString(i));
                }
              }
              return new Written(
                  row.getLong(1),
                  row.getLong(3),
                  Duration.ofNanos((long) ((row.getDouble(4) - row.getDouble(2)) * 1e9)),
                  last.isEmpty() ? null : last);
            })
        .get(0);
  }

  /**
   * Walks over the rows once, and then looks up those that match; in their order, since each part
   * of the result is evaluated where it is first asked for.
   */
  BoundSql atMost(TablePages pages, KeysetChunk walk, int most) {
    var sql = pages.sql();
    var between = between(pages, walk);
    var names = IntStream.rangeClosed(1, sql.keyColumns()).mapToObj(i -> "in_chunk_" + i).toList();
    var selected =
        IntStream.range(0, names.size())
            .mapToObj(i -> sql.key().get(i).quoted() + " AS " + names.get(i))
            .collect(joining(", "));
    var tied = BoundSql.of(sql.isKey(names), List.of());
    return new Text()
        .add("WITH " + KEYS + " AS MATERIALIZED (\nSELECT " + selected + "\n  FROM ")
        .add(sql.source())
        .add("\n WHERE ")
        .add(between)
        .add(only(there(pages, between), filter(pages)))
        .add("\n ORDER BY " + sql.inOrder() + "\n LIMIT ?", most)
        .add("), " + CHANGED + " AS (\n")
        .add(change)
        .add("\n %s %s\n WHERE ".formatted(deletes ? "USING" : "FROM", KEYS))
        .add(between)
        .add("\n   AND ")
        .add(tied)
        .add(only(BoundSql.of("in_chunk_1 IS NOT NULL", List.of()), filter(pages), onlyIf))
        .add("\nRETURNING 1)\nSELECT (SELECT count(*) FROM " + KEYS + "), ")
        .add(CLOCK + ", (SELECT count(*) FROM " + CHANGED + "), " + CLOCK)
        .add(
            names.stream()
                .map(
                    name ->
                        ",\n (SELECT CAST(%s AS text) FROM %s OFFSET %d LIMIT 1)"
                            .formatted(name, KEYS, most - 1))
                .collect(joining()))
        .sql();
  }

  private static final String CLOCK = "extract(epoch FROM clock_timestamp())";

  private static BoundSql between(TablePages pages, KeysetChunk walk) {
    return pages.sql().isBetween(walk.start(), requireNonNull(walk.end(), "end"));
  }

  /**
   * What a row in the range has, and no index knows. A comparison of rows costs more than what
   * might be asked before it where the range is scanned; that of one column is asked first.
   */
  private static BoundSql there(TablePages pages, BoundSql between) {
    return pages.sql().keyColumns() > 1 ? between : BoundSql.of("tableoid IS NOT NULL", List.of());
  }

  private static @Nullable BoundSql filter(TablePages pages) {
    return pages.filter();
  }

  /**
   * Conditions that are asked of the rows in the range alone: what fails on another row is no
   * matter. No other index than the key's is looked at for them either, however few rows the
   * statistics promise.
   */
  private static BoundSql only(BoundSql range, @Nullable BoundSql... conditions) {
    var asked = Stream.of(conditions).filter(Objects::nonNull).toList();
    if (asked.isEmpty()) {
      return BoundSql.of("", List.of());
    }
    var text = new Text().add("\n   AND CASE WHEN ").add(range).add("\n            THEN ");
    for (int i = 0; i < asked.size(); i++) {
      text.add(i == 0 ? "(" : "\n             AND (").add(requireNonNull(asked.get(i))).add("\n)");
    }
    return text.add(" END").sql();
  }

  /** SQL that is put together, with the values of its parameters. */
  private static final class Text {

    private final StringBuilder text = new StringBuilder();
    private final List<@Nullable Object> parameters = new ArrayList<>();

    Text add(String more, Object... values) {
      text.append(more);
      parameters.addAll(List.of(values));
      return this;
    }

    Text add(BoundSql more) {
      text.append(more.text());
      parameters.addAll(more.parameters());
      return this;
    }

    BoundSql sql() {
      return BoundSql.of(text.toString(), parameters);
    }
  }

  /**
   * What has come of a range.
   *
   * @param matching how many of its rows match
   * @param changed how many were changed
   * @param took how long the changes took
   * @param last the key of the last that was to be changed, if there were as many as that
   */
  record Written(long matching, long changed, Duration took, @Nullable List<String> last) {

    static Written of(long matching, long changed) {
      return new Written(matching, changed, Duration.ZERO, null);
    }

    Written in(Duration duration) {
      return new Written(matching, changed, duration, last);
    }

    ChangedRows rows() {
      return new ChangedRows(List.of(changed));
    }
  }
}
