package io.undercurrent.convert;

import io.undercurrent.database.DidYouMean;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.sql.Column;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A column that is to be converted, as the catalogue has it. Two of them are equal if nothing that
 * a conversion has to carry over has changed in between.
 *
 * @param table the table's number
 * @param schema its schema
 * @param tableName its name without the schema
 * @param number the column's number in the table
 * @param name the column
 * @param type its type as SQL
 * @param notNull whether it is declared NOT NULL
 * @param identity {@code a} for GENERATED ALWAYS AS IDENTITY, {@code d} for BY DEFAULT; else empty
 * @param defaultValue its default as SQL, or null
 * @param comment its comment, or null
 * @param collation what its new type has to say of a collation of its own; empty for nothing
 * @param settings what follows ALTER COLUMN to give another column its settings
 * @param grants statements that give roles what they may do with it; empty for none
 * @param marker what the new column's comment says, or null if there is no new column
 * @param refused why it cannot be converted: what is wrong with it and its table
 * @param dependants what depends on it, but for what the conversion has made
 */
record OldColumn(
    long table,
    String schema,
    String tableName,
    int number,
    String name,
    String type,
    boolean notNull,
    String identity,
    @Nullable String defaultValue,
    @Nullable String comment,
    String collation,
    List<String> settings,
    List<String> grants,
    @Nullable String marker,
    List<String> refused,
    List<Dependant> dependants) {

  private static final String FIND =
      """
      SELECT pg_class.oid, nspname, relname, attnum, attname, attnotnull, attidentity,
             format_type(atttypid, atttypmod) AS type,
             pg_get_expr(adbin, adrelid) AS default_value,
             col_description(pg_class.oid, attnum) AS comment,
             CASE WHEN attcollation NOT IN (0, (SELECT typcollation
                                                  FROM pg_type
                                                 WHERE pg_type.oid = atttypid))
                   AND (SELECT typcollation <> 0
                          FROM pg_type
                         WHERE pg_type.oid = CAST(CAST(:to AS text) AS regtype))
                  THEN (SELECT format(' COLLATE %I.%I', home.nspname, collname)
                          FROM pg_collation
                          JOIN pg_namespace AS home ON home.oid = collnamespace
                         WHERE pg_collation.oid = attcollation)
                  ELSE ''
             END AS collation,
             array_remove(ARRAY[
               CASE WHEN coalesce(attstattarget, -1) >= 0
                    THEN 'SET STATISTICS ' || attstattarget END,
               'SET (' || array_to_string(attoptions, ', ') || ')',
               CASE WHEN attstorage <> (SELECT typstorage FROM pg_type WHERE pg_type.oid = atttypid)
                    THEN 'SET STORAGE ' || CASE attstorage WHEN 'p' THEN 'PLAIN'
                                                           WHEN 'e' THEN 'EXTERNAL'
                                                           WHEN 'x' THEN 'EXTENDED'
                                                           ELSE 'MAIN' END END,
               CASE attcompression WHEN 'p' THEN 'SET COMPRESSION pglz'
                                   WHEN 'l' THEN 'SET COMPRESSION lz4' END],
               NULL) AS settings,
             ARRAY(SELECT format('GRANT %s (%I) ON %I.%I TO %s%s', privilege_type, attname,
                                 nspname, relname,
                                 CASE grantee WHEN 0 THEN 'PUBLIC'
                                              ELSE CAST(CAST(grantee AS regrole) AS text) END,
                                 CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
                     FROM aclexplode(attacl)
                    ORDER BY 1) AS grants,
             (SELECT coalesce(col_description(pg_class.oid, own.attnum), '')
                FROM pg_attribute AS own
               WHERE own.attrelid = pg_class.oid
                 AND own.attname = :own
                 AND NOT own.attisdropped) AS marker,
             array_remove(ARRAY[
               CASE WHEN relkind <> 'r' OR relpersistence = 't' OR relispartition
                    THEN 'expected a table that stands for itself, found that it is '
                      || CASE WHEN relispartition THEN 'a partition: a partition has the type of the whole'
                              WHEN relkind = 'p' THEN 'partitioned: its partitions would need new columns of their own'
                              WHEN relpersistence = 't' THEN 'a temporary table'
                              ELSE 'something else' END END,
               CASE WHEN EXISTS (SELECT FROM pg_inherits WHERE pg_class.oid IN (inhrelid, inhparent))
                     AND relkind = 'r' AND NOT relispartition
                    THEN 'expected a table without inheritance, found that it has parents or children' END,
               CASE WHEN reloftype <> 0
                    THEN 'expected a table with columns of its own, found a table of type '
                      || format_type(reloftype, NULL) END,
               CASE WHEN NOT pg_has_role(relowner, 'USAGE')
                    THEN format('expected role %s to own the table, found that %s does. Make it a member with: GRANT %2$s TO %1$s',
                                quote_ident(current_user), CAST(relowner AS regrole)) END,
               CASE WHEN attgenerated <> ''
                    THEN 'expected a column that is written, found a generated one. Convert what it is generated from' END,
               CASE WHEN EXISTS (SELECT
                                   FROM pg_seclabel
                                  WHERE classoid = CAST('pg_class' AS regclass)
                                    AND objoid = pg_class.oid AND objsubid = attnum)
                    THEN 'expected no security label on the column, found one. Drop it, and set it again after the swap' END,
               (SELECT format('expected no column that holds whole rows of the table, found %s: its rows would lose the value. Give it another type first',
                              string_agg(DISTINCT format('%I of %s', attribute.attname, CAST(attribute.attrelid AS regclass)), ', '))
                  FROM (WITH RECURSIVE holding AS (
                          SELECT reltype AS type
                           UNION
                          SELECT CASE WHEN classid = CAST('pg_type' AS regclass) THEN objid
                                      ELSE (SELECT composite.reltype
                                              FROM pg_class AS composite
                                             WHERE composite.oid = objid AND composite.relkind = 'c') END
                            FROM holding
                            JOIN pg_depend ON refclassid = CAST('pg_type' AS regclass) AND refobjid = type
                           WHERE classid IN (CAST('pg_type' AS regclass), CAST('pg_class' AS regclass)))
                        SELECT holder.attname, holder.attrelid
                          FROM holding
                          JOIN pg_depend ON refclassid = CAST('pg_type' AS regclass) AND refobjid = type
                                        AND classid = CAST('pg_class' AS regclass)
                          JOIN pg_attribute AS holder ON holder.attrelid = objid AND holder.attnum = objsubid
                          JOIN pg_class AS kept ON kept.oid = objid AND kept.relkind IN ('r', 'p', 'm')
                       ) AS attribute
                HAVING count(*) > 0),
               (SELECT format('expected no publication with the table, found %s: subscribers would not know the new column. Take the table out until it is converted, or convert it at the subscribers first',
                              string_agg(quote_ident(pubname), ', '))
                  FROM pg_publication_tables
                 WHERE schemaname = nspname AND tablename = relname
                HAVING count(*) > 0),
               (SELECT format('expected no trigger that fires after the one of the conversion, found %s: it could change the value later. Give it a name that sorts before',
                              string_agg(quote_ident(tgname), ', '))
                  FROM pg_trigger
                 WHERE tgrelid = pg_class.oid
                   AND NOT tgisinternal
                   AND tgtype & 3 = 3
                   AND tgtype & 20 <> 0
                   AND tgname > :trigger COLLATE "C"
                   AND NOT starts_with(tgname, '~undercurrent_convert_')
                HAVING count(*) > 0)],
               NULL) AS refused
        FROM pg_class
        JOIN pg_namespace ON pg_namespace.oid = relnamespace
        JOIN pg_attribute ON attrelid = pg_class.oid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
       WHERE pg_class.oid = CAST(CAST(:table AS text) AS regclass)
         AND attname = :column
         AND attnum > 0
         AND NOT attisdropped""";

  /**
   * Looks a column up.
   *
   * @throws HopelessException if there is no such column
   * @throws org.springframework.dao.DataAccessException if there is no such table or type
   */
  static OldColumn of(JdbcTemplate jdbc, ConvertColumn work) {
    var found =
        JdbcClient.create(jdbc)
            .sql(FIND)
            .param("table", work.table())
            .param("column", work.column())
            .param("to", work.to())
            .param("own", Names.column(work.column()))
            .param("trigger", Names.trigger(work.column()))
            .query(OldColumn::of)
            .list();
    return found.stream()
        .map(column -> column.with(Dependant.of(jdbc, column)))
        .findFirst()
        .orElseThrow(() -> missing(jdbc, work));
  }

  private static OldColumn of(ResultSet row, int number) throws SQLException {
    return new OldColumn(
        row.getLong("oid"),
        row.getString("nspname"),
        row.getString("relname"),
        row.getInt("attnum"),
        row.getString("attname"),
        row.getString("type"),
        row.getBoolean("attnotnull"),
        row.getString("attidentity").strip(),
        row.getString("default_value"),
        row.getString("comment"),
        row.getString("collation"),
        texts(row, "settings"),
        texts(row, "grants"),
        row.getString("marker"),
        texts(row, "refused"),
        List.of());
  }

  private static List<String> texts(ResultSet row, String column) throws SQLException {
    return List.of((String[]) row.getArray(column).getArray());
  }

  private OldColumn with(List<Dependant> found) {
    return new OldColumn(
        table,
        schema,
        tableName,
        number,
        name,
        type,
        notNull,
        identity,
        defaultValue,
        comment,
        collation,
        settings,
        grants,
        marker,
        refused,
        found);
  }

  private static HopelessException missing(JdbcTemplate jdbc, ConvertColumn work) {
    var columns =
        jdbc.queryForList(
            """
            SELECT attname
              FROM pg_attribute
             WHERE attrelid = CAST(CAST(? AS text) AS regclass)
               AND attnum > 0
               AND NOT attisdropped""",
            String.class,
            work.table());
    return new HopelessException(
        "expected a column '%s' in table %s, found none%s"
            .formatted(work.column(), work.table(), DidYouMean.hint(work.column(), columns)));
  }

  /** Why it cannot be converted, one sentence for each reason. */
  List<String> problems() {
    var problems = new ArrayList<>(refused);
    dependants.stream().flatMap(each -> each.problem().stream()).forEach(problems::add);
    return problems;
  }

  /** The table as SQL, with its schema. */
  String qualifiedTable() {
    return qualified(tableName);
  }

  /** A name of the table's schema as SQL. */
  String qualified(String relation) {
    return Column.quoted(schema) + "." + Column.quoted(relation);
  }

  String quoted() {
    return Column.quoted(name);
  }

  /** The new column as SQL. */
  String quotedNew() {
    return Column.quoted(Names.column(name));
  }

  String alterTable(String what) {
    return "ALTER TABLE " + qualifiedTable() + " " + what;
  }
}
