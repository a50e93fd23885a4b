package io.undercurrent.execution;

import io.undercurrent.database.RefusedException;
import io.undercurrent.iteration.IterationGate.Opening;
import io.undercurrent.iteration.SessionSettings;
import io.undercurrent.iteration.Timeouts;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Limits a transaction that its fence has begun, and looks for wishes, in one round trip.
 *
 * @param jdbc the connection of the transaction
 * @param wishes what may stop the update, or null for nothing
 * @param rowSecurity the setting of that name
 * @param statement cancels what the transaction executes
 */
public record TransactionOpening(
    JdbcTemplate jdbc, @Nullable Wishes wishes, String rowSecurity, StatementCanceller statement)
    implements Opening {

  /** What the network may add to a statement's own timeout before the connection counts as dead. */
  private static final Duration SLACK = Duration.ofSeconds(10);

  /** Half as long as the server waits before it looks for deadlocks, if it is to be shorter. */
  private static final String LOCK =
      """
      CASE WHEN :yields
           THEN CAST(greatest(1, least(CAST(:lock AS bigint), floor(500 * extract(
                  epoch FROM CAST(current_setting('deadlock_timeout') AS interval))))) AS text)
           ELSE CAST(:lock AS text)
      END""";

  private static final String NO_WISHES = "CAST(NULL AS text)";

  @Override
  public void limit(Timeouts timeouts) {
    open(timeouts, NO_WISHES, Map.of());
  }

  @Override
  public Optional<String> limitUnlessWished(Timeouts timeouts) {
    return wishes == null
        ? open(timeouts, NO_WISHES, Map.of())
        : open(timeouts, Wishes.STOP_REASON, wishes.parameters());
  }

  private Optional<String> open(Timeouts timeouts, String reason, Map<String, Object> parameters) {
    jdbc.execute((ConnectionCallback<Boolean>) connection -> prepare(connection, timeouts));
    return JdbcClient.create(jdbc)
        .sql(
            """
            SELECT set_config('lock_timeout', """
                + LOCK
                + """
            , true),
                   set_config('statement_timeout', :statement, true),
                   set_config('idle_in_transaction_session_timeout', :idle, true),
                   -- compiling a chunk's plan takes longer than running it
                   set_config('jit', 'off', true),
                   set_config('row_security', :rowSecurity, true),
            """
                + SessionSettings.UNSAFE_SETTING
                + " AS unsafe, "
                + reason
                + " AS reason")
        .param("lock", ms(timeouts.lock()))
        .param("yields", timeouts.yields())
        .param("statement", ms(timeouts.statement()))
        .param("idle", ms(timeouts.idle()))
        .param("rowSecurity", rowSecurity)
        .params(parameters)
        .query(TransactionOpening::reason)
        .single();
  }

  private boolean prepare(Connection connection, Timeouts timeouts) throws SQLException {
    statement.on(connection);
    var unlimited = timeouts.statement().isZero();
    var network = unlimited ? Duration.ZERO : timeouts.statement().plus(SLACK);
    connection.setNetworkTimeout(Runnable::run, (int) network.toMillis());
    return true;
  }

  private static Optional<String> reason(ResultSet row, int number) throws SQLException {
    var unsafe = row.getString("unsafe");
    if (unsafe != null) {
      throw new RefusedException(unsafe);
    }
    return Optional.ofNullable(row.getString("reason"));
  }

  private static String ms(Duration duration) {
    return String.valueOf(duration.toMillis());
  }
}
