package io.undercurrent.convert;

import io.undercurrent.database.Database;
import io.undercurrent.testing.Rows;
import java.util.ArrayList;
import java.util.List;

/** All that a schema has in the catalogue, as texts that can be compared. */
final class Catalogue {

  private static final List<String> QUERIES =
      List.of(
          """
          SELECT format('column %s.%s %s %s %s %s %s %s %s %s', relname, attname,
                        format_type(atttypid, atttypmod), attnotnull, attidentity,
                        pg_get_expr(adbin, adrelid), col_description(pg_class.oid, attnum), attacl,
                        coalesce(attstattarget, -1), attoptions)
            FROM pg_class
            JOIN pg_attribute ON attrelid = pg_class.oid
            LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
           WHERE relnamespace = CAST('public' AS regnamespace)
             AND relkind = 'r' AND attnum > 0 AND NOT attisdropped""",
          """
          SELECT format('index %s %s %s %s %s', pg_get_indexdef(indexrelid), indisvalid,
                        indisclustered, indisreplident, obj_description(indexrelid, 'pg_class'))
            FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
           WHERE relnamespace = CAST('public' AS regnamespace)""",
          """
          SELECT format('constraint %s %s %s %s %s', CAST(conrelid AS regclass), conname,
                        pg_get_constraintdef(oid), convalidated,
                        obj_description(oid, 'pg_constraint'))
            FROM pg_constraint
           WHERE connamespace = CAST('public' AS regnamespace)""",
          """
          SELECT format('trigger %s', pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal""",
          """
          SELECT format('function %s', CAST(oid AS regprocedure))
            FROM pg_proc
           WHERE pronamespace = CAST('public' AS regnamespace)""",
          """
          SELECT format('sequence %s %s %s %s %s %s %s %s of %s %s', CAST(seqrelid AS regclass),
                        CAST(seqtypid AS regtype), seqstart, seqincrement, seqmin, seqmax, seqcache,
                        seqcycle, CAST(refobjid AS regclass), deptype)
            FROM pg_sequence
            LEFT JOIN pg_depend ON objid = seqrelid AND deptype IN ('a', 'i')""");

  private Catalogue() {}

  static List<String> of(Database database) {
    var all = new ArrayList<String>();
    QUERIES.forEach(sql -> all.addAll(Rows.of(database, sql)));
    return all.stream().sorted().toList();
  }
}
