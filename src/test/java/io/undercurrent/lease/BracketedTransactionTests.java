package io.undercurrent.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.undercurrent.database.Database;
import io.undercurrent.iteration.BracketedTransaction;
import io.undercurrent.iteration.BracketedTransaction.Call;
import io.undercurrent.iteration.BracketedTransaction.Ending;
import io.undercurrent.iteration.BracketedTransaction.Opening;
import io.undercurrent.iteration.OpenedTransactions;
import io.undercurrent.iteration.SessionSettings;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.time.TimeSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

@PostgresTest
class BracketedTransactionTests {

  private static final Owner ANNA = new Owner("pid 1 on a", "anna");
  private static final String NOTES = "SELECT note FROM notes ORDER BY id";

  private Lease lease;
  private HikariDataSource pool;
  private JdbcTemplate jdbc;

  @BeforeEach
  void take(Database database) {
    Rows.run(
        database, "CREATE TABLE notes (id serial, note text UNIQUE DEFERRABLE INITIALLY DEFERRED)");
    lease = Lease.take(database, ANNA, false, TimeSource.SYSTEM).orElseThrow();
    pool = lease.sessions().pool("test", 1);
    jdbc = new JdbcTemplate(pool);
  }

  @AfterEach
  void giveBack() {
    pool.close();
    lease.close();
  }

  @Test
  void sendsItsEndAfterAllThatIsToComeBeforeTheCommit(Database database) {
    var seenAfterwards = new ArrayList<String>();
    var transaction = transaction();

    transaction.executeWithoutResult(
        status -> {
          transaction.endWith(note("end"));
          TransactionSynchronizationManager.registerSynchronization(
              new TransactionSynchronization() {
                @Override
                public void beforeCommit(boolean readOnly) {
                  jdbc.update("INSERT INTO notes (note) VALUES ('before')");
                }

                @Override
                public void afterCommit() {
                  seenAfterwards.addAll(database.jdbc().sql(NOTES).query(String.class).list());
                }
              });
          jdbc.update("INSERT INTO notes (note) VALUES ('work')");
        });

    assertThat(seenAfterwards).containsExactly("work", "before", "end");
    assertThat(Rows.of(database, NOTES)).containsExactly("work", "before", "end");
  }

  @Test
  void commitsNothingWhereItsEndFails(Database database) {
    var transaction = transaction();

    assertThatThrownBy(
            () ->
                transaction.executeWithoutResult(
                    status -> {
                      jdbc.update("INSERT INTO notes (note) VALUES ('work')");
                      transaction.endWith(
                          new End(new Call("SELECT 1 / CAST(? AS int)", List.of(0))));
                    }))
        .hasCauseInstanceOf(PSQLException.class)
        .hasStackTraceContaining("division by zero");

    assertThat(Rows.of(database, NOTES)).isEmpty();
    assertThat(jdbc.queryForObject("SELECT 1", Integer.class)).isEqualTo(1);
  }

  @Test
  void commitsNothingWhereTheCommitItselfFails(Database database) {
    var transaction = transaction();

    assertThatThrownBy(
            () ->
                transaction.executeWithoutResult(
                    status -> {
                      jdbc.update("INSERT INTO notes (note) VALUES ('twice')");
                      transaction.endWith(note("twice"));
                    }))
        .hasStackTraceContaining("duplicate key");

    assertThat(Rows.of(database, NOTES)).isEmpty();
  }

  @Test
  void isOpenedAsItBegins(Database database) {
    var begin = new Begin();

    new BracketedTransaction(transactions(), begin)
        .executeWithoutResult(
            status ->
                assertThat(jdbc.queryForObject("SHOW lock_timeout", String.class))
                    .isEqualTo("7ms"));

    assertThat(begin.answer).isEqualTo("7ms");
    assertThat(jdbc.queryForObject("SHOW lock_timeout", String.class)).isEqualTo("0");
  }

  private BracketedTransaction transaction() {
    return new BracketedTransaction(transactions(), new Begin());
  }

  private OpenedTransactions transactions() {
    return new OpenedTransactions(
        new FencedTransactionManager(pool, lease.fence()),
        SessionSettings.BEGIN_AFRESH,
        Duration.ZERO);
  }

  private static End note(String text) {
    return new End(new Call("INSERT INTO notes (note) VALUES (?)", List.of(text)));
  }

  private record End(Call call) implements Ending {

    @Override
    public Optional<RuntimeException> refusal(Throwable failure) {
      return Optional.empty();
    }
  }

  private static final class Begin implements Opening {

    private String answer = "";

    @Override
    public Call call() {
      return new Call("SELECT set_config('lock_timeout', ?, true)", List.of("7ms"));
    }

    @Override
    public void begun(Connection connection, ResultSet row) throws SQLException {
      answer = row.getString(1);
    }

    @Override
    public Optional<String> stopReason() {
      return Optional.empty();
    }
  }
}
