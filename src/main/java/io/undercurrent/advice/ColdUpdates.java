package io.undercurrent.advice;

import io.undercurrent.plan.SlowPlan;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.SetColumns;
import io.undercurrent.sql.SqlTemplate;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Updates of large tables that cannot be HOT: a column that is set is part of an index, so that
 * each new version of a row is entered into all indexes of its table (PostgreSQL's manual, chapter
 * "Heap-Only Tuples (HOT)"). A BRIN index does not count from PostgreSQL 16 on. A column that is
 * generated from one that is set changes as well.
 */
record ColdUpdates(JdbcTemplate jdbc) {

  private static final String IN_WAY =
      """
      WITH RECURSIVE tree AS (
        SELECT CAST(to_regclass(?) AS oid) AS relation
        UNION
        SELECT inhrelid
          FROM tree
          JOIN pg_inherits ON inhparent = relation
      ), of_table AS (
        SELECT pg_index.*, relname, amname
          FROM tree
          JOIN pg_index ON indrelid = relation AND indisready
          JOIN pg_class ON pg_class.oid = indexrelid AND NOT relispartition
          JOIN pg_am ON pg_am.oid = relam
      )
      SELECT relname,
             (SELECT count(*) FROM of_table AS any_of WHERE any_of.indrelid = of_table.indrelid)
               AS indexes,
             string_agg(attname, ', ' ORDER BY attnum) AS columns
        FROM of_table
        JOIN pg_attribute ON attrelid = indrelid
         AND (attname = ANY (CAST(? AS text[]))
              OR attgenerated <> ''
                 AND EXISTS (
                   SELECT
                     FROM pg_depend
                     JOIN pg_attribute AS source ON source.attrelid = refobjid
                      AND source.attnum = refobjsubid
                     LEFT JOIN pg_attrdef ON classid = CAST('pg_attrdef' AS regclass)
                      AND pg_attrdef.oid = objid
                    WHERE refclassid = CAST('pg_class' AS regclass)
                      AND refobjid = indrelid
                      AND source.attname = ANY (CAST(? AS text[]))
                      AND (adrelid = indrelid AND adnum = pg_attribute.attnum
                           -- up to PostgreSQL 14
                           OR classid = CAST('pg_class' AS regclass)
                              AND objid = indrelid AND objsubid = pg_attribute.attnum)))
       WHERE NOT (amname = 'brin'
                  AND CAST(current_setting('server_version_num') AS int) >= 160000)
         AND (attnum = ANY (indkey)
              OR EXISTS (
                SELECT
                  FROM pg_depend
                 WHERE classid = CAST('pg_class' AS regclass)
                   AND objid = indexrelid
                   AND refclassid = CAST('pg_class' AS regclass)
                   AND refobjid = indrelid
                   AND refobjsubid = attnum))
         AND (SELECT sum(reltuples)
                FROM tree
                JOIN pg_class ON pg_class.oid = relation
               WHERE reltuples > 0) >= CAST(? AS int)
       GROUP BY indexrelid, relname, indrelid
       ORDER BY relname""";

  List<String> warnings(SqlTemplate statement) {
    return SetColumns.of(statement).stream().flatMap(set -> in(set).stream()).distinct().toList();
  }

  private List<String> in(SetColumns set) {
    var columns = List.copyOf(set.columns());
    return BoundSql.of(IN_WAY, List.of(set.table(), columns, columns, SlowPlan.LARGE))
        .query(
            jdbc,
            (row, number) ->
                "each row changed in %s is entered anew into all of its indexes, %d in number, because (%s) is part of index %s: the update cannot be HOT. If queries can do without that index meanwhile, drop it before and build it after, with 'create-index:'"
                    .formatted(
                        set.table(),
                        row.getInt("indexes"),
                        row.getString("columns"),
                        row.getString("relname")));
  }
}
