package io.undercurrent.convert;

import static java.util.Objects.requireNonNull;

import io.undercurrent.convert.Dependant.What;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The sequences that belong to a column: of a serial one, or of an identity.
 *
 * @param column the old column, which has been renamed by the time that they move
 */
record Sequences(JdbcTemplate jdbc, ConvertColumn work, OldColumn column) {

  private static final Map<String, Integer> BYTES =
      Map.of("smallint", 2, "integer", 4, "bigint", 8);

  private static final String FIND =
      """
      SELECT CAST(CAST(seqrelid AS regclass) AS text) AS name, seqstart, seqincrement, seqcache, seqcycle,
             CAST(CAST(seqtypid AS regtype) AS text) AS type,
             CASE WHEN seqmax = limits.high THEN 'NO MAXVALUE' ELSE 'MAXVALUE ' || seqmax END
               AS most,
             CASE WHEN seqmin = limits.low THEN 'NO MINVALUE' ELSE 'MINVALUE ' || seqmin END
               AS least,
             obj_description(seqrelid, 'pg_class') AS comment,
             ARRAY(SELECT format('GRANT %s ON SEQUENCE %s TO %s%s', privilege_type,
                                 CAST(seqrelid AS regclass),
                                 CASE grantee WHEN 0 THEN 'PUBLIC'
                                              ELSE CAST(CAST(grantee AS regrole) AS text) END,
                                 CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
                     FROM pg_class, aclexplode(relacl)
                    WHERE pg_class.oid = seqrelid
                      AND grantee <> relowner) AS grants
        FROM pg_sequence,
             LATERAL (SELECT CASE WHEN seqincrement < 0 THEN -1
                                  WHEN seqtypid = CAST('smallint' AS regtype) THEN 32767
                                  WHEN seqtypid = CAST('integer' AS regtype) THEN 2147483647
                                  ELSE 9223372036854775807 END AS high,
                             CASE WHEN seqincrement > 0 THEN 1
                                  WHEN seqtypid = CAST('smallint' AS regtype) THEN -32768
                                  WHEN seqtypid = CAST('integer' AS regtype) THEN -2147483648
                                  ELSE -9223372036854775808 END AS low) AS limits
       WHERE seqrelid = ?""";

  /**
   * Statements that move them to the column that has the old one's name by then. Those of an
   * identity are locked.
   *
   * @param replaced what the old column is called by then, as SQL
   */
  List<String> move(String replaced) {
    var statements = new ArrayList<String>();
    for (var each : column.dependants()) {
      if (each.is(What.SEQUENCE, What.IDENTITY)) {
        statements.addAll(
            requireNonNull(
                jdbc.queryForObject(
                    FIND,
                    (row, number) -> each.is(What.SEQUENCE) ? owned(row) : identity(row, replaced),
                    each.number())));
      }
    }
    return statements;
  }

  private List<String> owned(ResultSet row) throws SQLException {
    var sequence = "ALTER SEQUENCE " + row.getString("name") + " ";
    var statements = new ArrayList<String>();
    statements.add(sequence + "OWNED BY " + column.qualifiedTable() + "." + column.quoted());
    var to = Conversion.typeName(jdbc, work);
    if (BYTES.getOrDefault(to, 0) > BYTES.getOrDefault(row.getString("type"), 8)) {
      statements.add(sequence + "AS " + to);
    }
    return statements;
  }

  /** An identity's sequence cannot move; another one goes on from where it is. */
  private List<String> identity(ResultSet row, String replaced) throws SQLException {
    var name = row.getString("name");
    // Changes nothing, but from here on nobody takes a number that would be given out again.
    jdbc.execute("ALTER SEQUENCE " + name + " CACHE " + row.getLong("seqcache"));
    var state =
        requireNonNull(
            jdbc.queryForObject(
                "SELECT format('SELECT setval(%L, %s, %L)', CAST(? AS text), last_value, is_called) FROM "
                    + name,
                String.class,
                name));
    var statements = new ArrayList<String>();
    statements.add(column.alterTable("ALTER COLUMN " + replaced + " DROP IDENTITY"));
    statements.add(
        column.alterTable(
            "ALTER COLUMN %s ADD GENERATED %s AS IDENTITY (SEQUENCE NAME %s START WITH %d INCREMENT BY %d %s %s CACHE %d %s)"
                .formatted(
                    column.quoted(),
                    column.identity().equals("a") ? "ALWAYS" : "BY DEFAULT",
                    name,
                    row.getLong("seqstart"),
                    row.getLong("seqincrement"),
                    row.getString("least"),
                    row.getString("most"),
                    row.getLong("seqcache"),
                    row.getBoolean("seqcycle") ? "CYCLE" : "NO CYCLE")));
    statements.add(state);
    if (row.getString("comment") != null) {
      statements.add(
          "COMMENT ON SEQUENCE " + name + " IS " + Text.literal(row.getString("comment")));
    }
    statements.addAll(List.of((String[]) row.getArray("grants").getArray()));
    return statements;
  }
}
