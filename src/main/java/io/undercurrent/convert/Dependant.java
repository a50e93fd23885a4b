package io.undercurrent.convert;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Something that depends on a column.
 *
 * @param what what it is to a conversion
 * @param number its number in the catalogue
 * @param index the number of the index behind it, 0 if there is none
 * @param name its name
 * @param words it in PostgreSQL's words: {@code index builds_state}
 * @param problem why it cannot be carried over; empty if it can
 */
record Dependant(
    What what, long number, long index, String name, String words, Optional<String> problem) {

  /** What a dependant is to a conversion. */
  enum What {
    INDEX,
    /** A primary key or a unique constraint. */
    KEY,
    CHECK,
    FOREIGN_KEY,
    NOT_NULL,
    /** A sequence that belongs to the column, as of a serial one. */
    SEQUENCE,
    IDENTITY,
    DEFAULT,
    OTHER
  }

  private static final String FIND =
      """
      WITH dependants AS (
        SELECT classid, objid, max(objsubid) AS objsubid, bool_or(deptype = 'i') AS internal
          FROM pg_depend
         WHERE refclassid = CAST('pg_class' AS regclass)
           AND refobjid = :table
           AND refobjsubid = :column
         GROUP BY classid, objid
      )
      SELECT objid, coalesce(conname, relname, '') AS name, coalesce(conindid, own.indexrelid, 0) AS index,
             pg_describe_object(classid, objid, objsubid) AS words,
             CASE WHEN contype IN ('p', 'u') AND NOT keys.indisexclusion THEN 'KEY'
                  WHEN contype = 'c' THEN 'CHECK'
                  WHEN contype = 'f' THEN 'FOREIGN_KEY'
                  WHEN contype = 'n' THEN 'NOT_NULL'
                  WHEN relkind = 'i' THEN 'INDEX'
                  WHEN relkind = 'S' AND internal THEN 'IDENTITY'
                  WHEN relkind = 'S' THEN 'SEQUENCE'
                  WHEN adnum = :column THEN 'DEFAULT'
                  ELSE 'OTHER'
             END AS what,
             CASE WHEN EXISTS (SELECT
                                 FROM pg_depend AS other
                                 JOIN pg_description ON classoid = refclassid
                                                    AND objoid = refobjid
                                                    AND pg_description.objsubid = refobjsubid
                                WHERE other.classid = dependants.classid
                                  AND other.objid = dependants.objid
                                  AND refclassid = CAST('pg_class' AS regclass)
                                  AND starts_with(description, :mark))
                  THEN 'another conversion has made it. Swap or cancel that first'
                  WHEN contype = 'f'
                  THEN (SELECT 'its other table is partitioned'
                         WHERE conparentid <> 0
                            OR EXISTS (SELECT
                                         FROM pg_class AS other
                                        WHERE other.oid IN (conrelid, confrelid)
                                          AND other.relkind <> 'r')
                         UNION ALL
                        SELECT format('the role does not own table %s', CAST(conrelid AS regclass))
                          FROM pg_class AS other
                         WHERE other.oid = conrelid
                           AND NOT pg_has_role(relowner, 'USAGE')
                         UNION ALL
                        SELECT format('the role may not refer to table %s', CAST(confrelid AS regclass))
                         WHERE NOT has_table_privilege(confrelid, 'REFERENCES')
                         LIMIT 1)
                  WHEN contype IN ('p', 'u') AND NOT keys.indisvalid
                    OR relkind = 'i' AND NOT own.indisvalid
                  THEN 'it is INVALID. Drop it, or build it again'
                  WHEN contype IN ('p', 'u') AND condeferrable
                  THEN 'it is deferrable, and an index that is built is not. Make it one that is not deferrable'
             END AS hindrance
        FROM dependants
        LEFT JOIN pg_constraint ON classid = CAST('pg_constraint' AS regclass)
                               AND pg_constraint.oid = objid
        LEFT JOIN pg_index AS keys ON keys.indexrelid = conindid
        LEFT JOIN pg_class ON classid = CAST('pg_class' AS regclass)
                          AND pg_class.oid = objid
        LEFT JOIN pg_index AS own ON own.indexrelid = pg_class.oid
        LEFT JOIN pg_attrdef ON classid = CAST('pg_attrdef' AS regclass)
                            AND pg_attrdef.oid = objid
       WHERE coalesce(conname, '') NOT IN (:equality, :presence)
       ORDER BY what, words""";

  static List<Dependant> of(JdbcTemplate jdbc, OldColumn column) {
    return JdbcClient.create(jdbc)
        .sql(FIND)
        .param("table", column.table())
        .param("column", column.number())
        .param("equality", Names.equality(column.name()))
        .param("presence", Names.presence(column.name()))
        .param("mark", SyncTrigger.MARK)
        .query(Dependant::of)
        .list();
  }

  private static Dependant of(ResultSet row, int number) throws SQLException {
    var what = What.valueOf(row.getString("what"));
    var words = row.getString("words");
    return new Dependant(
        what,
        row.getLong("objid"),
        row.getLong("index"),
        row.getString("name"),
        words,
        Optional.ofNullable(problem(what, words, row.getString("hindrance"))));
  }

  private static @Nullable String problem(What what, String words, @Nullable String hindrance) {
    if (what == What.OTHER) {
      return "expected nothing that cannot be moved to another column, found %s. Drop it, and make it again after the swap"
          .formatted(words);
    }
    return hindrance == null
        ? null
        : "expected to make another %s, found that %s".formatted(words, hindrance);
  }

  boolean is(What... some) {
    return Set.of(some).contains(what);
  }
}
