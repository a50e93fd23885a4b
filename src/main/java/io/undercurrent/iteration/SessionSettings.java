package io.undercurrent.iteration;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The server's settings with which reading, comparing or writing rows would give other values or
 * fewer rows, and what they are for every update, whatever the role or the database says.
 *
 * <p>What belongs to the meaning of the author's SQL or of the data stays as the role and the
 * database have it: {@code search_path}, {@code default_text_search_config}, {@code
 * default_tablespace}, {@code lc_numeric}, {@code lc_time}; and {@code lc_monetary}, which says how
 * much a stored {@code money} is worth.
 */
public final class SessionSettings {

  private static final List<Pinned> PINNED =
      List.of(
          new Pinned("client_encoding", "UTF8", "the driver insists on it"),
          new Pinned("DateStyle", "ISO", "the driver insists on it; the order of days stays"),
          new Pinned("TimeZone", "UTC", "the process lives in it"),
          new Pinned("extra_float_digits", "1", "0 and below round the text of a float"),
          new Pinned("IntervalStyle", "postgres", "decides what the text of an interval means"),
          new Pinned("bytea_output", "hex", "decides the text of a bytea"),
          new Pinned("xmlbinary", "base64", "decides the text of a bytea in XML"),
          new Pinned("xmloption", "content", "document refuses XML that a column may hold"),
          new Pinned("array_nulls", "on", "off reads NULL in the text of an array as a word"),
          new Pinned("quote_all_identifiers", "off", "decides the text of names"),
          new Pinned("transform_null_equals", "off", "on makes = NULL find rows"),
          new Pinned("standard_conforming_strings", "on", "off changes texts with backslashes"),
          new Pinned("gin_fuzzy_search_limit", "0", "a limit has GIN indexes leave rows out"),
          new Pinned("row_security", "off", "on leaves rows out; off makes that an error"),
          new Pinned("idle_session_timeout", "0", "the controller sleeps between iterations"),
          new Pinned("transaction_timeout", "0", "iterations have timeouts of their own"));

  private static final List<Unsafe> UNSAFE =
      List.of(
          new Unsafe("zero_damaged_pages", "on", "rows on damaged pages would be skipped"),
          new Unsafe("ignore_checksum_failure", "on", "damaged rows would be read as sound ones"),
          new Unsafe(
              "session_replication_role", "replica", "triggers and foreign keys would not fire"));

  private SessionSettings() {}

  /**
   * A SELECT of one row that pins them until the session ends. The row has no texts: the driver
   * would wait for the answers to what goes before such a statement in the same message.
   */
  public static final String PIN =
      "SELECT " + PINNED.stream().map(Pinned::sql).collect(joining(", "));

  /**
   * Begins a transaction as in a session that was opened just now, its settings pinned: an earlier
   * transaction may have left settings, a role, or tables that hide others. What its statements
   * return comes before the results of what follows in the same round trip.
   */
  public static final String BEGIN_AFRESH = beginAfresh("READ COMMITTED", "");

  /**
   * The same.
   *
   * @param isolation the transaction's isolation level
   * @param locks statements that run before the first that takes a snapshot, which DISCARD does
   */
  public static String beginAfresh(String isolation, String locks) {
    return """
    SET TRANSACTION ISOLATION LEVEL %s;
    RESET SESSION AUTHORIZATION;
    RESET ROLE;
    RESET ALL;
    %sDISCARD TEMP;
    """
            .formatted(isolation, locks)
        + PIN
        + ";\n";
  }

  /** An SQL expression: a sentence for an unsafe setting that only a superuser may change. */
  public static final String UNSAFE_SETTING =
      UNSAFE.stream().map(Unsafe::sql).collect(joining(" ", "CASE ", " END"));

  /** The same without texts: which of them it is, for {@link #unsafe}. */
  public static final String UNSAFE_NUMBER =
      IntStream.range(0, UNSAFE.size())
          .mapToObj(number -> UNSAFE.get(number).when() + " THEN " + number)
          .collect(joining(" ", "CASE ", " END"));

  /** The sentence for an unsafe setting of that number. */
  public static String unsafe(int number) {
    return UNSAFE.get(number).sentence();
  }

  /** Whether an update's statements see rows through the policies of row level security. */
  public static String rowSecurity(UpdateSettings update) {
    return update.filtersRows() ? "on" : "off";
  }

  /** Has a session on which they are pinned see what the update's iterations will see. */
  public static void apply(UpdateSettings update, JdbcTemplate jdbc) {
    jdbc.execute("SET row_security = " + rowSecurity(update));
  }

  /**
   * A setting that any role may change.
   *
   * @param reason why it is pinned
   */
  private record Pinned(String name, String value, String reason) {

    /** Those that an older server does not know are skipped. */
    String sql() {
      return "CASE WHEN current_setting('%1$s', true) IS NOT NULL THEN set_config('%1$s', '%2$s', false) IS NULL END"
          .formatted(name, value);
    }
  }

  /**
   * A setting that only a superuser may change.
   *
   * @param value what it must not be
   * @param consequence what would happen with it
   */
  private record Unsafe(String name, String value, String consequence) {

    String sql() {
      return when() + " THEN '" + sentence() + "'";
    }

    String when() {
      return "WHEN current_setting('%s') = '%s'".formatted(name, value);
    }

    String sentence() {
      return "expected another %1$s than %2$s, with which %3$s. Reset it with: ALTER ROLE or ALTER DATABASE ... RESET %1$s"
          .formatted(name, value, consequence);
    }
  }
}
