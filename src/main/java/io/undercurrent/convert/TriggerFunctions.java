package io.undercurrent.convert;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The functions in PL/pgSQL that the triggers of a table call. Sessions that have called one keep
 * plans for the types that the row had then, and fail with another type, unless the function has
 * changed as well.
 */
record TriggerFunctions(JdbcTemplate jdbc, OldColumn column) {

  private static final String FROM =
      """
        FROM pg_proc
        JOIN pg_language ON pg_language.oid = prolang
       WHERE lanname = 'plpgsql'
         AND pg_proc.oid IN (SELECT tgfoid
                               FROM pg_trigger
                              WHERE tgrelid = ?
                                AND NOT tgisinternal
                                AND NOT starts_with(tgname, '~undercurrent_convert_'))
         AND pg_has_role(proowner, 'USAGE') = ?
       ORDER BY 1""";

  /** Statements that change those of the role, to what they are. */
  List<String> renew() {
    return find(
        "format('ALTER FUNCTION %s COST %s', CAST(pg_proc.oid AS regprocedure), procost)", true);
  }

  /** The names of those that belong to others. */
  List<String> ofOthers() {
    return find("CAST(CAST(pg_proc.oid AS regprocedure) AS text)", false);
  }

  private List<String> find(String what, boolean own) {
    return jdbc.queryForList("SELECT " + what + FROM, String.class, column.table(), own);
  }
}
