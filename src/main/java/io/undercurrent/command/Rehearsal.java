package io.undercurrent.command;

import static java.util.Objects.requireNonNull;

import io.undercurrent.database.Changelog;
import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.AutoSave;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** A look at a database as it will be once a job has been started: made, looked at, rolled back. */
final class Rehearsal {

  private static final Set<String> NOT_ALLOWED = Set.of("42501", "25006");

  private final Database database;
  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;

  /**
   * Rehearsals on a session of the caller's.
   *
   * @param jdbc whose data source has that one session
   */
  Rehearsal(Database database, JdbcTemplate jdbc) {
    this.database = database;
    this.jdbc = jdbc;
    this.transaction =
        new TransactionTemplate(new JdbcTransactionManager(requireNonNull(jdbc.getDataSource())));
    transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
  }

  /** What a look finds; nothing where the role or the server does not allow to make the schema. */
  <T> Optional<T> with(Changelog needs, Supplier<T> look) {
    try {
      return transaction.execute(
          status -> {
            status.setRollbackOnly();
            make(needs);
            return Optional.of(look.get());
          });
    } catch (RefusedException e) {
      if (NOT_ALLOWED.contains(String.valueOf(SqlFailure.of(e).sqlState()))) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void make(Changelog needs) {
    ConnectionCallback<Boolean> make =
        connection -> {
          // A statement that fails is not to end the transaction.
          connection.unwrap(PGConnection.class).setAutosave(AutoSave.ALWAYS);
          database.rehearse(needs, connection);
          return true;
        };
    jdbc.execute(make);
    jdbc.execute("SET LOCAL lock_timeout = '2s'");
  }
}
