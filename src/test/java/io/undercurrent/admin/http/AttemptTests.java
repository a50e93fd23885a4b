package io.undercurrent.admin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.admin.http.Attempt.Phase;
import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseDownException;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

@PostgresTest
class AttemptTests {

  private final BoundedQueries questions = new BoundedQueries(List.of("master"));
  private Database database;
  private Attempt<Boolean> attempt;

  @BeforeEach
  void makeATable(Database database) {
    this.database = database;
    Rows.run(database, "CREATE TABLE changes (id int)");
  }

  @AfterEach
  void close() {
    questions.close();
  }

  @Test
  void isWaitedForOnceItsDatabaseIsThere() {
    attempt = change("SELECT pg_sleep(1.2)", () -> true);

    assertThat(questions.change("master", attempt)).isTrue();
    assertThat(changes()).containsExactly("1");
  }

  @Test
  void isNotMadeIfItsDatabaseIsThereTooLate() {
    var reached = new Semaphore(0);
    attempt =
        new Attempt<>(
            () -> {
              reached.acquireUninterruptibly();
              return database.transactions();
            },
            () -> true);

    assertThatThrownBy(() -> questions.change("master", attempt))
        .isInstanceOf(DatabaseDownException.class);

    reached.release(2);
    assertThatThrownBy(attempt::get).isInstanceOf(CancellationException.class);
  }

  @Test
  void isTakenBackIfItIsGivenUpOnTheWay() {
    attempt = change("SELECT 1", () -> attempt.giveUp(Phase.CHANGING));

    assertThatThrownBy(attempt::get).isInstanceOf(CancellationException.class);
    assertThat(changes()).isEmpty();
  }

  @Test
  void cannotBeGivenUpOnceItCommits() {
    attempt = change("SELECT 1", this::giveUpInTheCommit);

    assertThat(attempt.get()).isTrue();
    assertThat(changes()).containsExactly("1");
  }

  private boolean giveUpInTheCommit() {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void beforeCommit(boolean readOnly) {
            assertThat(attempt.giveUp(Phase.CHANGING)).isFalse();
          }
        });
    return true;
  }

  private Attempt<Boolean> change(String before, BooleanSupplier then) {
    return new Attempt<>(
        database::transactions,
        () -> {
          Rows.of(database, before);
          Rows.run(database, "INSERT INTO changes VALUES (1)");
          return then.getAsBoolean();
        });
  }

  private List<String> changes() {
    return Rows.of(database, "SELECT id FROM changes");
  }
}
