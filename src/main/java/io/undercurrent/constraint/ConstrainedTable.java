package io.undercurrent.constraint;

import static java.util.Objects.requireNonNull;

import io.undercurrent.database.RefusedException;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.key.PrimaryKey;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A table as the catalogue has it.
 *
 * @param oid its number
 * @param schema its schema
 * @param name its name without the schema
 * @param partitioned whether it is
 * @param owner the role that owns it
 * @param own whether our role may do what the owner may
 */
record ConstrainedTable(
    long oid, String schema, String name, boolean partitioned, String owner, boolean own) {

  /**
   * Looks a table up.
   *
   * @param written the table, as written in SQL
   * @throws HopelessException if it is something else than a table
   * @throws org.springframework.dao.DataAccessException if there is none
   */
  static ConstrainedTable of(JdbcTemplate jdbc, String written) {
    return requireNonNull(
        jdbc.queryForObject(
            """
            SELECT pg_class.oid, nspname, relname, relkind,
                   pg_get_userbyid(relowner) AS owner, pg_has_role(relowner, 'USAGE') AS own
              FROM pg_class
              JOIN pg_namespace ON pg_namespace.oid = relnamespace
             WHERE pg_class.oid = CAST(CAST(? AS text) AS regclass)""",
            (row, number) -> {
              var kind = row.getString("relkind");
              if (!kind.equals("r") && !kind.equals("p")) {
                throw new HopelessException(
                    "expected a table, found '%s', which is not one".formatted(written));
              }
              return new ConstrainedTable(
                  row.getLong("oid"),
                  row.getString("nspname"),
                  row.getString("relname"),
                  kind.equals("p"),
                  row.getString("owner"),
                  row.getBoolean("own"));
            },
            written));
  }

  /** Refuses what ALTER TABLE would refuse after a wait for its lock. */
  ConstrainedTable required() {
    if (!own) {
      throw new HopelessException(
          "expected the role to own table %1$s, as ALTER TABLE needs, found that '%2$s' does. Make it a member: GRANT %3$s TO ..."
              .formatted(name, owner, Column.quoted(owner)));
    }
    return this;
  }

  String qualifiedName() {
    return Column.quoted(schema) + "." + Column.quoted(name);
  }

  /** The statement that changes it. */
  String alter(String action) {
    return "ALTER TABLE " + qualifiedName() + " " + action;
  }

  /** What names its rows: the primary key; where it has none, their place. */
  List<String> rowNames(JdbcTemplate jdbc) {
    try {
      return PrimaryKey.of(jdbc, qualifiedName());
    } catch (RefusedException e) {
      return List.of("ctid");
    }
  }

  /** The names of its constraints. */
  List<String> constraints(JdbcTemplate jdbc) {
    return jdbc.queryForList(
        "SELECT conname FROM pg_constraint WHERE conrelid = ?", String.class, oid);
  }

  /** Whether the server has a version, such as 18, or a later one. */
  static boolean isServerSince(JdbcTemplate jdbc, int version) {
    return BoundSql.of(
            "SELECT CAST(current_setting('server_version_num') AS int) >= ? * 10000",
            List.<@Nullable Object>of(version))
        .query(jdbc, (row, number) -> row.getBoolean(1))
        .get(0);
  }
}
