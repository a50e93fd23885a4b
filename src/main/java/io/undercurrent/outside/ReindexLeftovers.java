package io.undercurrent.outside;

import io.undercurrent.ddl.DdlSession;
import io.undercurrent.sql.BoundSql;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The INVALID indexes that a REINDEX CONCURRENTLY leaves where it is broken off: a new one that is
 * not ready, or the old one that it has replaced.
 */
record ReindexLeftovers(DdlSession session, OutsideStatement statement) {

  private static final Logger log = LoggerFactory.getLogger(ReindexLeftovers.class);

  /** The tables of a REINDEX with what keeps their large values; of partitions as well. */
  private static final String TABLES =
      """
      WITH named (relation) AS (SELECT CAST(CAST(? AS text) AS regclass)),
      tree AS (
        SELECT CAST(relation AS oid) AS relation FROM named
        UNION
        SELECT CAST(relid AS oid) FROM named CROSS JOIN pg_partition_tree(relation)
      ),
      tables AS (
        SELECT coalesce(indrelid, relation) AS oid FROM tree LEFT JOIN pg_index ON indexrelid = relation
      ),
      all_tables AS (
        SELECT oid FROM tables
        UNION
        SELECT reltoastrelid FROM tables JOIN pg_class USING (oid) WHERE reltoastrelid <> 0
      )
      """;

  private static final String LEFTOVERS =
      TABLES
          + """
          SELECT format('%I.%I', nspname, relname)
            FROM all_tables
            JOIN pg_index ON indrelid = all_tables.oid
            JOIN pg_class ON pg_class.oid = indexrelid
            JOIN pg_namespace ON pg_namespace.oid = relnamespace
           WHERE NOT indisvalid
             AND relname ~ '_cc(new|old)[0-9]*$'
           ORDER BY 1""";

  /** A session of ours may live on after its connection was lost. */
  private static final String REBUILDERS =
      TABLES
          + """
          SELECT build.pid,
                 coalesce(session.application_name = current_setting('application_name'), false) AS ours
            FROM all_tables
            JOIN pg_stat_progress_create_index build ON build.relid = all_tables.oid
            LEFT JOIN pg_stat_activity session ON session.pid = build.pid
           WHERE build.datname = current_database()
             AND build.pid <> pg_backend_pid()""";

  /**
   * Drops them.
   *
   * @return which, as SQL
   * @throws TableBusyException if another session builds an index of the table right now, which
   *     looks the same
   */
  List<String> drop() {
    var target = statement.targets().get(0);
    var leftovers = find(target);
    if (!leftovers.isEmpty()) {
      endRebuilders(target);
    }
    for (var index : leftovers) {
      log.info("Dropping index {}, which a broken-off REINDEX has left INVALID", index);
      session.execute("DROP INDEX CONCURRENTLY IF EXISTS " + index);
    }
    return leftovers;
  }

  private List<String> find(String target) {
    return BoundSql.of(LEFTOVERS, List.of(target))
        .query(session.jdbc(), (row, number) -> row.getString(1));
  }

  private void endRebuilders(String target) {
    record Rebuilder(int pid, boolean ours) {}
    BoundSql.of(REBUILDERS, List.of(target))
        .query(
            session.jdbc(),
            (row, number) -> new Rebuilder(row.getInt("pid"), row.getBoolean("ours")))
        .forEach(
            rebuilder -> {
              if (!rebuilder.ours) {
                throw new TableBusyException(target, rebuilder.pid);
              }
              session
                  .jdbc()
                  .queryForObject(
                      "SELECT pg_terminate_backend(?, 5000)", Boolean.class, rebuilder.pid);
            });
  }
}
