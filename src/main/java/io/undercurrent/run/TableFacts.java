package io.undercurrent.run;

import io.undercurrent.plan.Volatility;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.SqlTemplate;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the catalogue knows of tables, which are named as in SQL; columns are as in itself. */
record TableFacts(JdbcTemplate jdbc) {

  private static final Pattern TEXT =
      Pattern.compile("(text)|(?:varchar|character varying)(?:\\s*\\(\\s*(\\d{1,8})\\s*\\))?");

  private static final Pattern NUMBER =
      Pattern.compile(
          "(?:numeric|decimal)(?:\\s*\\(\\s*(\\d{1,4})\\s*(?:,\\s*(-?\\d{1,4})\\s*)?\\))?");

  private static final String HAVE_ROWS =
      """
      SELECT coalesce(sum(pg_relation_size(relation)), 0) > 0
        FROM (SELECT to_regclass(?) AS relation
              UNION
              SELECT relid FROM pg_partition_tree(to_regclass(?))) AS all_of_it
       WHERE relation IS NOT NULL""";

  private static final String HAS_ROWS = "SELECT pg_relation_size(to_regclass(?)) > 0";

  private static final String HAS_COLUMN =
      """
      SELECT EXISTS (
        SELECT
          FROM pg_attribute
         WHERE attrelid = to_regclass(?)
           AND attname = ?
           AND NOT attisdropped)""";

  /** A CHECK that has nothing but ANDs proves it; so does no constraint that is NOT VALID. */
  private static final String NOT_NULL =
      """
      SELECT attnotnull
             AND NOT EXISTS (
               SELECT
                 FROM pg_constraint
                WHERE conrelid = attrelid
                  AND contype = 'n'
                  AND conkey = ARRAY[attnum]
                  AND NOT convalidated)
             OR EXISTS (
               SELECT
                 FROM pg_constraint
                WHERE conrelid = attrelid
                  AND contype = 'c'
                  AND convalidated
                  AND strpos(pg_get_constraintdef(pg_constraint.oid),
                             format('(%I IS NOT NULL)', attname)) > 0
                  AND pg_get_constraintdef(pg_constraint.oid) !~ '\\m(OR|CASE)\\M|NOT \\(')
        FROM pg_attribute
       WHERE attrelid = to_regclass(?)
         AND attname = ?""";

  private static final String TYPE =
      """
      SELECT format_type(atttypid, atttypmod)
        FROM pg_attribute
       WHERE attrelid = to_regclass(?)
         AND attname = ?""";

  /**
   * Whether a table is there and not empty, by its size.
   *
   * @param only whether without its partitions
   */
  boolean haveRows(String table, boolean only) {
    return only ? isSo(HAS_ROWS, table) : isSo(HAVE_ROWS, table, table);
  }

  boolean hasColumn(String table, String column) {
    return isSo(HAS_COLUMN, table, column);
  }

  /** Whether no row needs to be looked at to see that a column has no NULL. */
  boolean isKnownNotNull(String table, String column) {
    return isSo(NOT_NULL, table, column);
  }

  /** Whether a column of texts or numbers becomes one that holds the same, and longer ones. */
  boolean storesAlike(String table, String column, String type) {
    var wanted = type.toLowerCase(Locale.ROOT).strip();
    return BoundSql.of(TYPE, List.of(table, column))
        .query(jdbc, (row, number) -> row.getString(1))
        .stream()
        .anyMatch(now -> holdsTexts(now, wanted) || holdsNumbers(now, wanted));
  }

  private static boolean holdsTexts(String now, String wanted) {
    var old = TEXT.matcher(now);
    var text = TEXT.matcher(wanted);
    return old.matches()
        && text.matches()
        && (text.group(2) == null || old.group(2) != null && atLeast(text.group(2), old.group(2)));
  }

  /** With as many decimals. */
  private static boolean holdsNumbers(String now, String wanted) {
    var old = NUMBER.matcher(now);
    var number = NUMBER.matcher(wanted);
    return old.matches()
        && number.matches()
        && (number.group(1) == null
            || old.group(1) != null
                && atLeast(number.group(1), old.group(1))
                && decimals(number).equals(decimals(old)));
  }

  private static boolean atLeast(String wanted, String now) {
    return Integer.parseInt(wanted) >= Integer.parseInt(now);
  }

  private static Integer decimals(Matcher number) {
    return number.group(2) == null ? 0 : Integer.parseInt(number.group(2));
  }

  /** Whether an expression has another value for each row. */
  boolean isVolatile(String expression) {
    try {
      var probe = new SqlTemplate("SELECT WHERE (" + expression + "\n) IS NULL", List.of());
      return new Volatility(jdbc).isVolatile(BoundSql.of(probe.text(), List.of()));
    } catch (DataAccessException e) {
      // Not an expression by itself; the server has taken the statement, so it is a plain value.
      return false;
    }
  }

  private boolean isSo(String sql, String... names) {
    return BoundSql.of(sql, List.of(names))
        .query(jdbc, (row, number) -> row.getBoolean(1))
        .contains(true);
  }
}
