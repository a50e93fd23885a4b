package io.undercurrent.iteration;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One transaction that is opened in the round trip of its BEGIN, and may end with a statement in
 * that of its COMMIT.
 */
public final class BracketedTransaction extends OpenedTransactions {

  private final transient Opening opening;
  private transient @Nullable Ending ending;
  private boolean sent;

  /**
   * A transaction.
   *
   * @param transactions what it is one of
   * @param opening the last statement of its beginning
   */
  public BracketedTransaction(OpenedTransactions transactions, Opening opening) {
    super(manager(transactions), transactions.begin(), transactions.patience());
    this.opening = opening;
  }

  public Opening opening() {
    return opening;
  }

  /** Has it end so. */
  public void endWith(Ending statement) {
    ending = statement;
  }

  /** What it ends with, or null if it only commits. */
  public @Nullable Ending ending() {
    return ending;
  }

  /** What it ends with goes to the server now, and the COMMIT with it. */
  public void sending() {
    sent = true;
  }

  /** Whether that went to the server; whether it was done is not known without an answer. */
  boolean isSent() {
    return sent;
  }

  /** What it means that its end has failed so, if its own statement has said it. */
  Optional<RuntimeException> refusal(Throwable failure) {
    return ending == null ? Optional.empty() : ending.refusal(failure);
  }

  /** The statement that limits a transaction, and looks for wishes at the same time. */
  public interface Opening {

    Call call();

    /**
     * The transaction has begun.
     *
     * @param answer what the statement returned, at its row
     */
    void begun(Connection connection, ResultSet answer) throws SQLException;

    /**
     * Why to stop now, or nothing to go on.
     *
     * @throws RuntimeException if nothing may be done under the settings that the session has
     */
    Optional<String> stopReason();
  }

  /** The statement that a transaction ends with. */
  public interface Ending {

    /** It fails where nothing is to be committed. */
    Call call();

    /** What such a failure means, or nothing if it is another one. */
    Optional<RuntimeException> refusal(Throwable failure);
  }

  /**
   * SQL with the values of its parameters.
   *
   * @param sql with a question mark for each
   */
  public record Call(String sql, List<@Nullable Object> values) {

    /** Gives a statement that begins or ends with this SQL its values. */
    public void bind(PreparedStatement statement) throws SQLException {
      for (var i = 0; i < values.size(); i++) {
        statement.setObject(i + 1, values.get(i));
      }
    }
  }
}
