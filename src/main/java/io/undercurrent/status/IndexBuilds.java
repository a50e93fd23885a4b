package io.undercurrent.status;

import io.undercurrent.iteration.DirectSessions;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.lease.BuildSessions;
import io.undercurrent.lease.LeaseRow;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.state.Blocker;
import io.undercurrent.status.DatabaseStatus.IndexBuildView;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The index that a database's runner builds at this moment, or what else it does outside of
 * transactions, as the server shows its session.
 */
record IndexBuilds(JdbcClient jdbc) {

  private static final String PREPARING = "preparing";

  /** What a statement is in between that gets its locks soon or not at all. */
  private static final Pattern AROUND =
      Pattern.compile("(?:^|(?<=; ))(?:BEGIN|SET LOCAL [^;]*|LOCK TABLE [^;]*); |; COMMIT$");

  /** What the builder of a partitioned table's index says in front of its statements. */
  private static final Pattern PARTITION = Pattern.compile("^/\\* partition (\\d+) of (\\d+) \\*/");

  /**
   * The build of an update, if that is what the runner is at.
   *
   * @param definition null if no file defines it any more: only the sessions know then
   */
  Optional<IndexBuildView> of(
      QueuedUpdate update, @Nullable UpdateDefinition definition, LeaseRow lease) {
    if (lease.runner() == null
        || !update.name().equals(lease.currentUpdate())
        || (definition != null && !definition.work().hasOwnSessions())) {
      return Optional.empty();
    }
    return current(definition == null ? null : definition.work().builds());
  }

  private Optional<IndexBuildView> current(@Nullable String index) {
    return jdbc.sql(
            """
            SELECT session.pid, session.application_name, session.state AS own_state,
                   build.phase, session.query, build.blocks_done, build.blocks_total,
                   build.tuples_done, build.tuples_total,
                   blocker.pid AS blocker, blocker.usename, blocker.state, blocker.xact_start,
                   CASE WHEN blocker.application_name = '' THEN blocker.backend_type
                        ELSE blocker.application_name END AS application,
                   CASE WHEN blocker.xact_start IS NOT NULL THEN left(blocker.query, 500) END
                     AS blocking_query
            """
                + BuildSessions.FROM
                + """
                  LEFT JOIN pg_stat_progress_create_index build ON build.pid = session.pid
                  LEFT JOIN pg_stat_activity blocker
                    ON session.wait_event_type = 'Lock'
                   AND blocker.pid = coalesce(nullif(build.current_locker_pid, 0),
                                              (pg_blocking_pids(session.pid))[1])
                 ORDER BY session.state = 'active' DESC, session.backend_start DESC
                 LIMIT 1""")
        .query((row, number) -> view(index, row))
        .optional();
  }

  private static IndexBuildView view(@Nullable String index, ResultSet row) throws SQLException {
    var phase = row.getString("phase");
    var amount = Amount.of(row);
    var ofIndex =
        phase != null || row.getString("application_name").startsWith(DirectSessions.INDEX_BUILD);
    var partition = PARTITION.matcher(String.valueOf(row.getString("query")));
    var isOne = partition.find();
    return new IndexBuildView(
        index,
        isOne ? Integer.valueOf(partition.group(1)) : null,
        isOne ? Integer.valueOf(partition.group(2)) : null,
        row.getInt("pid"),
        ofIndex,
        phase == null ? phaseOf(ofIndex, row) : phase,
        amount == null ? null : amount.words(),
        amount == null ? null : amount.percent(),
        row.getObject("blocker") == null ? null : blocker(row));
  }

  private static String phaseOf(boolean ofIndex, ResultSet row) throws SQLException {
    var query = row.getString("query");
    if (query == null || !"active".equals(row.getString("own_state"))) {
      return PREPARING;
    }
    if (ofIndex) {
      return query.startsWith("DROP INDEX") ? "dropping an index" : PREPARING;
    }
    var statement = AROUND.matcher(query).replaceAll("").strip();
    return statement.isEmpty() ? PREPARING : statement.replaceAll("\\s+", " ");
  }

  private static Blocker blocker(ResultSet row) throws SQLException {
    var since = row.getObject("xact_start", OffsetDateTime.class);
    return new Blocker(
        row.getInt("blocker"),
        row.getString("usename"),
        row.getString("application"),
        row.getString("state"),
        since == null ? null : since.toInstant(),
        row.getString("blocking_query"));
  }

  private record Amount(long done, long total, String unit) {

    static @Nullable Amount of(ResultSet row) throws SQLException {
      if (row.getLong("tuples_total") > 0) {
        return new Amount(row.getLong("tuples_done"), row.getLong("tuples_total"), "rows");
      }
      return row.getLong("blocks_total") > 0
          ? new Amount(row.getLong("blocks_done"), row.getLong("blocks_total"), "blocks")
          : null;
    }

    String words() {
      return String.format(Locale.ROOT, "%,d of %,d %s", done, total, unit);
    }

    double percent() {
      return Math.min(100, 100.0 * done / total);
    }
  }
}
