package io.undercurrent.doctor;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Indexes that a broken-off build or rebuild has left: writes pay for them, no query uses them. */
final class InvalidIndexes implements Check {

  /**
   * Not those that a session builds, rebuilds or drops right now. Of another role's session only
   * the locks are visible; then any build on the table counts.
   */
  private static final String QUERY =
      """
      SELECT indexrelid, format('%I.%I', nspname, relname) AS name, relname,
             CAST(CAST(indrelid AS regclass) AS text) AS on_table,
             relkind = 'I' AS partitioned,
             indisreplident
             OR EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
             OR EXISTS (SELECT FROM pg_inherits WHERE inhrelid = indexrelid) AS needed
        FROM pg_index
        JOIN pg_class ON pg_class.oid = indexrelid
        JOIN pg_namespace ON pg_namespace.oid = relnamespace
       WHERE NOT (indisvalid AND indisready AND indislive)
         AND relpersistence <> 't'
         AND NOT EXISTS (
           SELECT
             FROM pg_locks held
             LEFT JOIN pg_stat_progress_create_index build USING (pid)
            WHERE held.locktype = 'relation'
              AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND held.granted
              AND (held.relation = indexrelid
                   AND held.mode IN ('ShareUpdateExclusiveLock', 'AccessExclusiveLock')
                   OR held.relation = indrelid
                   AND held.mode = 'ShareUpdateExclusiveLock'
                   AND build.pid IS NOT NULL
                   AND (coalesce(build.index_relid, 0) IN (0, indexrelid)
                        OR build.command LIKE 'REINDEX%')))
       ORDER BY 2""";

  @Override
  public String name() {
    return "invalid-index";
  }

  @Override
  public boolean readsOurTables() {
    return false;
  }

  @Override
  public void look(Patient patient, Findings found) {
    var toBeBuilt = toBeBuilt(patient);
    patient
        .jdbc()
        .sql(QUERY)
        .query(
            (RowCallbackHandler)
                row -> report(row, toBeBuilt.get(row.getString("relname")), patient, found));
  }

  /** The queued updates that build an index, by its name: they drop what an earlier try left. */
  private static Map<String, String> toBeBuilt(Patient patient) {
    var builders = new HashMap<String, String>();
    for (var update : patient.queue()) {
      patient
          .definitions()
          .find(update.name())
          .map(defined -> defined.definition().work().builds())
          .ifPresent(index -> builders.put(index, update.name()));
    }
    return builders;
  }

  private static void report(
      ResultSet row, @Nullable String builder, Patient patient, Findings found)
      throws SQLException {
    var name = row.getString("name");
    var oid = row.getLong("indexrelid");
    var sentence =
        "Index %s on %s is INVALID: writes keep it up to date, and no query uses it"
            .formatted(name, row.getString("on_table"));
    if (builder != null) {
      found.hint(
          name,
          "Index %s on %s is INVALID; the queued update '%s' drops it and builds it anew"
              .formatted(name, row.getString("on_table"), builder),
          "Let that run, or drop both with: cancel " + builder);
    } else if (row.getBoolean("partitioned")) {
      found.hint(
          name,
          "Index %s on the partitioned table %s is INVALID until each partition has one that is attached to it"
              .formatted(name, row.getString("on_table")),
          "Build those that are missing, then: ALTER INDEX %s ATTACH PARTITION ..."
              .formatted(name));
    } else if (row.getBoolean("needed")) {
      found.problem(
          name,
          sentence + ", but a constraint, a parent or replication needs it",
          "REINDEX INDEX CONCURRENTLY " + name);
    } else {
      found.problem(
          name,
          sentence,
          "DROP INDEX CONCURRENTLY " + name,
          done -> done.accept(drop(patient, name, oid)));
    }
  }

  private static String drop(Patient patient, String name, long oid) {
    try (var connection = patient.database().connect("undercurrent doctor")) {
      var jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
      jdbc.sql(
              "SELECT set_config('lock_timeout', '2s', false), set_config('statement_timeout', '0', false)")
          .query()
          .singleRow();
      var stillThere =
          jdbc.sql(
                  """
                  SELECT count(*) > 0
                    FROM pg_index
                   WHERE indexrelid = :oid
                     AND CAST(indexrelid AS regclass) = to_regclass(:name)
                     AND NOT (indisvalid AND indisready AND indislive)""")
              .param("oid", oid)
              .param("name", name)
              .query(Boolean.class)
              .single();
      if (!stillThere) {
        return "Index %s is INVALID no more.".formatted(name);
      }
      jdbc.sql("DROP INDEX CONCURRENTLY IF EXISTS " + name).update();
      return "Dropped the INVALID index %s.".formatted(name);
    } catch (DataAccessException e) {
      throw new RefusedException(
          "Index %s is still there: %s. Transactions that use its table may be in the way; try again once they have ended"
              .formatted(name, SqlFailure.of(e).sentence()),
          e);
    } catch (SQLException e) {
      throw new UncategorizedSQLException("closing a session", null, e);
    }
  }
}
