package io.undercurrent.execution;

import io.undercurrent.database.RefusedException;
import io.undercurrent.iteration.BracketedTransaction;
import io.undercurrent.iteration.BracketedTransaction.Call;
import io.undercurrent.iteration.IterationGate;
import io.undercurrent.iteration.SessionSettings;
import io.undercurrent.iteration.Timeouts;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Limits a transaction behind its fence and looks for wishes, in one statement.
 *
 * @param jdbc the connection of the transaction
 * @param wishes what may stop the update, or null for nothing
 * @param rowSecurity the setting of that name
 * @param statement cancels what the transaction executes
 */
public record TransactionOpening(
    JdbcTemplate jdbc, @Nullable Wishes wishes, String rowSecurity, StatementCanceller statement)
    implements IterationGate.Opening {

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

  /** No texts but short ones: the driver would wait for the answers to what goes before. */
  private static final String SETTINGS =
      """
      SELECT set_config('lock_timeout', %s, true) IS NULL,
             set_config('statement_timeout', :statement, true) IS NULL,
             set_config('idle_in_transaction_session_timeout', :idle, true) IS NULL,
             -- compiling a chunk's plan takes longer than running it
             set_config('jit', 'off', true) IS NULL,
             -- that was for the beginning only
             set_config('enable_seqscan', NULL, true) IS NULL,
             set_config('row_security', :rowSecurity, true) IS NULL,
             %s AS unsafe, CAST(%s AS name) AS reason""";

  private static final NamedSql UNWISHED = sql("NULL");
  private static final NamedSql UNLESS_WISHED = sql(Wishes.STOP_REASON);

  private static NamedSql sql(String reason) {
    return new NamedSql(SETTINGS.formatted(LOCK, SessionSettings.UNSAFE_NUMBER, reason));
  }

  @Override
  public void limit(Timeouts timeouts) {
    open(statement(timeouts, false));
  }

  @Override
  public Optional<String> limitUnlessWished(Timeouts timeouts) {
    return open(statement(timeouts, true));
  }

  private Optional<String> open(BracketedTransaction.Opening opening) {
    jdbc.execute(
        (ConnectionCallback<Boolean>)
            connection -> {
              execute(opening, connection);
              return true;
            });
    return opening.stopReason();
  }

  private static void execute(BracketedTransaction.Opening opening, Connection connection)
      throws SQLException {
    try (var prepared = connection.prepareStatement(opening.call().sql())) {
      opening.call().bind(prepared);
      try (var answer = prepared.executeQuery()) {
        answer.next();
        opening.begun(connection, answer);
      }
    }
  }

  @Override
  public BracketedTransaction.Opening statement(Timeouts timeouts, boolean obeysWishes) {
    var values = new HashMap<String, Object>();
    values.put("lock", ms(timeouts.lock()));
    values.put("yields", timeouts.yields());
    values.put("statement", ms(timeouts.statement()));
    values.put("idle", ms(timeouts.idle()));
    values.put("rowSecurity", rowSecurity);
    if (wishes == null || !obeysWishes) {
      return new Limits(UNWISHED.with(values), timeouts, statement);
    }
    values.putAll(wishes.parameters());
    return new Limits(UNLESS_WISHED.with(values), timeouts, statement);
  }

  private static String ms(Duration duration) {
    return String.valueOf(duration.toMillis());
  }

  /** Those of one transaction. */
  private static final class Limits implements BracketedTransaction.Opening {

    private final Call call;
    private final Timeouts timeouts;
    private final StatementCanceller statement;
    private boolean begun;
    private @Nullable Integer unsafe;
    private @Nullable String reason;

    Limits(Call call, Timeouts timeouts, StatementCanceller statement) {
      this.call = call;
      this.timeouts = timeouts;
      this.statement = statement;
    }

    @Override
    public Call call() {
      return call;
    }

    @Override
    public void begun(Connection connection, ResultSet answer) throws SQLException {
      begun = true;
      unsafe = answer.getObject("unsafe", Integer.class);
      reason = answer.getString("reason");
      statement.on(connection);
      var unlimited = timeouts.statement().isZero();
      var network = unlimited ? Duration.ZERO : timeouts.statement().plus(SLACK);
      connection.setNetworkTimeout(Runnable::run, (int) network.toMillis());
    }

    @Override
    public Optional<String> stopReason() {
      if (!begun) {
        throw new IllegalStateException("Expected a transaction that begins with its limits");
      }
      if (unsafe != null) {
        throw new RefusedException(SessionSettings.unsafe(unsafe));
      }
      return Optional.ofNullable(reason);
    }
  }
}
