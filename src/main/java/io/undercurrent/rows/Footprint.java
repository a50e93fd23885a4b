package io.undercurrent.rows;

import io.undercurrent.page.KeysetPages;
import io.undercurrent.plan.StatementPlan;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.sql.BoundSql;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What the statements of an update touch, by their plans.
 *
 * @param read what is read, without {@code where}
 * @param matching what is read with {@code where}
 * @param writes what the statements do; empty for a bean, of which nothing is known
 * @param readTrees the tables with partitions or inheritance children that are read, with their
 *     schemas, in order of name
 * @param writeTrees those that the statements read or change, likewise
 */
record Footprint(
    StatementPlan read,
    StatementPlan matching,
    List<StatementPlan> writes,
    List<String> readTrees,
    List<String> writeTrees) {

  /** Of a tree that the role may not read as a whole, only a part is named. */
  private static final String TREES =
      """
      SELECT format('%I.%I', nspname, relname)
        FROM pg_class
        JOIN pg_namespace ON pg_namespace.oid = relnamespace
       WHERE pg_class.oid = ANY (CAST(CAST(? AS text[]) AS regclass[]))
         AND relhassubclass
         AND has_table_privilege(pg_class.oid, 'SELECT')
       ORDER BY 1""";

  static Footprint of(
      JdbcTemplate jdbc, ReadWrite work, KeysetPages pages, Map<String, Object> values) {
    var read = StatementPlan.of(jdbc, pages.sql().all());
    var matching = StatementPlan.of(jdbc, pages.matching());
    var writes = writes(jdbc, work, pages, values);
    var reading = new HashSet<>(read.read());
    reading.addAll(matching.read());
    var writing = new HashSet<String>();
    for (var write : writes) {
      writing.addAll(write.read());
      writing.addAll(write.changed());
    }
    return new Footprint(read, matching, writes, trees(jdbc, reading), trees(jdbc, writing));
  }

  private static List<StatementPlan> writes(
      JdbcTemplate jdbc, ReadWrite work, KeysetPages pages, Map<String, Object> values) {
    var writes = new ArrayList<StatementPlan>();
    if (work.write() instanceof Write.Statements statements) {
      for (var sql : statements.statements()) {
        writes.add(
            StatementPlan.of(jdbc, SetBasedWriter.onNothing(sql.text(), pages.columns(), values)));
      }
    }
    return writes;
  }

  /** All tables that the statements of some work change; a bean's are not known. */
  static Set<String> changed(JdbcTemplate jdbc, ReadWrite work, Map<String, Object> values) {
    return work.write() instanceof Write.Statements statements && !statements.statements().isEmpty()
        ? changed(writes(jdbc, work, KeysetPages.of(jdbc, work.read(), values), values))
        : Set.of();
  }

  private static List<String> trees(JdbcTemplate jdbc, Set<String> tables) {
    return tables.isEmpty()
        ? List.of()
        : BoundSql.of(TREES, List.of(new ArrayList<>(tables)))
            .query(jdbc, (row, number) -> row.getString(1));
  }

  /** All tables that the statements change. */
  Set<String> changed() {
    return changed(writes);
  }

  private static Set<String> changed(List<StatementPlan> writes) {
    var changed = new HashSet<String>();
    writes.forEach(write -> changed.addAll(write.changed()));
    return changed;
  }
}
