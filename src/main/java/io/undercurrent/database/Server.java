package io.undercurrent.database;

import java.sql.Connection;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The product and version that a database runs on.
 *
 * @param number the version as {@code server_version_num} has it, 180006 for 18.6
 * @param text what {@code version()} answers
 * @param readOnly the cause of read-only transactions, or null if it accepts writes
 */
record Server(int number, String text, @Nullable String readOnly) {

  private static final int OLDEST = 14;
  private static final int NEWEST = 18;

  // Other products that speak the protocol call themselves PostgreSQL too: "PostgreSQL
  // 15.2-YB-2.25.0.0".
  private static final Pattern POSTGRESQL =
      Pattern.compile("PostgreSQL \\d+(\\.\\d+|devel|beta\\d+|rc\\d+)?([ ,(].*)?");

  static Server of(Connection connection) {
    return JdbcClient.create(new SingleConnectionDataSource(connection, true))
        .sql(
            """
            SELECT current_setting('server_version_num')::integer AS number,
                   version() AS text,
            """
                + ReadOnly.CAUSE
                + " AS read_only")
        .query(Server.class)
        .single();
  }

  /** Refuses what Undercurrent is not tested with: other products, other versions, standbys. */
  void requireSupported(String database) {
    if (!POSTGRESQL.matcher(text).matches() || number / 10000 < OLDEST || number / 10000 > NEWEST) {
      throw new RefusedException(
          "Database '%s': expected PostgreSQL %d to %d, found '%s'. Move it to a supported version, or use an Undercurrent that supports this one"
              .formatted(database, OLDEST, NEWEST, text));
    }
    if (readOnly != null) {
      throw new RefusedException(
          "Database '%s': expected a server that accepts writes, but %s"
              .formatted(database, ReadOnly.wayOut(readOnly)));
    }
  }
}
