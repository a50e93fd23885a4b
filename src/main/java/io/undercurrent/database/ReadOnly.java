package io.undercurrent.database;

import org.jspecify.annotations.Nullable;

/** Why a server accepts no writes from a session, and the way out. */
public final class ReadOnly {

  /**
   * An SQL expression: what makes the session's transactions read-only, its role and its database,
   * with bars between; NULL if they are not. The transaction that asks may be so of its own.
   */
  public static final String CAUSE =
      """
      CASE
        WHEN pg_is_in_recovery() THEN 'standby||'
        WHEN NOT CAST(current_setting('default_transaction_read_only') AS boolean) THEN NULL
        ELSE (SELECT format('%s|%I|%I', source, session_user, current_database())
                FROM pg_settings
               WHERE name = 'default_transaction_read_only')
      END""";

  private ReadOnly() {}

  /**
   * The reason in a sentence, or null if the server accepts writes.
   *
   * @param cause what the expression gave
   */
  public static @Nullable String sentence(@Nullable String cause) {
    return cause == null ? null : "The server accepts no writes: " + wayOut(cause);
  }

  /** The cause and what to do about it, as the end of a sentence. */
  static String wayOut(String cause) {
    var parts = cause.split("[|]", 3);
    return wayOut(parts[0], parts[1], parts[2]);
  }

  private static String wayOut(String source, String role, String database) {
    return switch (source) {
      case "standby" -> "it is a standby. Point the url at the primary, or promote this one";
      case "user" -> setFor("the role " + role, "ROLE " + role);
      case "database" -> setFor("the database " + database, "DATABASE " + database);
      case "database user" ->
          setFor(
              "the role %s in the database %s".formatted(role, database),
              "ROLE %s IN DATABASE %s".formatted(role, database));
      case "global" -> setFor("all roles", "ROLE ALL");
      case "client", "session" ->
          "default_transaction_read_only is on for its sessions. Remove that from the url configured for it";
      default ->
          "default_transaction_read_only is on in its configuration. Allow writes with: ALTER SYSTEM SET default_transaction_read_only = off; SELECT pg_reload_conf()";
    };
  }

  private static String setFor(String whom, String what) {
    return "default_transaction_read_only is on for %s. Allow writes with: ALTER %s RESET default_transaction_read_only"
        .formatted(whom, what);
  }
}
