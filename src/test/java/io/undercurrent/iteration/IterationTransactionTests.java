package io.undercurrent.iteration;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.failure.FailurePolicy.InPlace;
import io.undercurrent.failure.IterationFailedException;
import io.undercurrent.failure.Setbacks;
import io.undercurrent.iteration.BracketedTransaction.Call;
import io.undercurrent.iteration.BracketedTransaction.Ending;
import io.undercurrent.stop.StopAtBoundaryException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.SimpleTransactionStatus;

class IterationTransactionTests {

  private static final Timeouts TIMEOUTS = Timeouts.NONE;
  private static final Call CALL = new Call("SELECT 1", List.of());

  private final StepExecution execution =
      new StepExecution(
          1, "step", new JobExecution(1, new JobInstance(1, "job"), new JobParameters()));

  /** Why the commit fails, or null. */
  private @Nullable SQLException answer;

  /** Whether it fails before anything is sent. */
  private boolean failsBefore;

  /** Whether it rolls back without a word. */
  private boolean rollsBack;

  private Optional<String> wish = Optional.empty();
  private Optional<RuntimeException> refusal = Optional.empty();

  @BeforeEach
  void beAsTheDatabaseHasIt() {
    execution.setVersion(7);
    execution.setReadCount(100);
    execution.getExecutionContext().putString("position", "100");
  }

  @Test
  void keepsWhatWasCommitted() {
    transaction().execute(execution, TIMEOUTS, true, this::chunk);

    assertThat(state()).isEqualTo("version 8, 200 read, 1 commits, 0 rollbacks, at 200");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ERROR", "FEHLER"})
  void takesARefusedCommitForRolledBackInAnyLanguage(String severity) {
    answer = answer(severity, "23503");

    assertThatThrownBy(() -> transaction().execute(execution, TIMEOUTS, true, this::chunk))
        .isInstanceOf(TransactionSystemException.class);

    assertThat(state()).isEqualTo("version 7, 100 read, 0 commits, 1 rollbacks, at 100");
  }

  @ParameterizedTest
  @ValueSource(strings = {"57P01", "57P02", "25P03", "25P04", "XX000", "53200", "08006"})
  void canSaveNothingOverACommitThatMayHaveHappened(String sqlState) {
    answer = answer("FATAL", sqlState);

    assertThatThrownBy(() -> transaction().execute(execution, TIMEOUTS, true, this::chunk))
        .isInstanceOf(TransactionSystemException.class);

    assertThat(state()).isEqualTo("version -1, 100 read, 0 commits, 1 rollbacks, at 100");
  }

  @Test
  void canSaveNothingOverACommitWithoutAnswer() {
    answer = new SQLException("An I/O error occurred while sending to the backend.", "08006");

    assertThatThrownBy(() -> transaction().execute(execution, TIMEOUTS, true, this::chunk))
        .isInstanceOf(TransactionSystemException.class);

    assertThat(execution.getVersion()).isEqualTo(-1);
  }

  @Test
  void knowsThatNothingWasCommittedBeforeTheCommitWasSent() {
    failsBefore = true;

    assertThatThrownBy(() -> transaction().execute(execution, TIMEOUTS, true, this::chunk))
        .isInstanceOf(UnexpectedRollbackException.class);

    assertThat(state()).isEqualTo("version 7, 100 read, 0 commits, 1 rollbacks, at 100");
  }

  @Test
  void takesNothingForCommittedThatWasRolledBackSilently() {
    rollsBack = true;

    assertThatThrownBy(() -> transaction().execute(execution, TIMEOUTS, true, this::chunk))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Expected the transaction to be committed, but something in it has set it to roll back");

    assertThat(state()).isEqualTo("version 7, 100 read, 0 commits, 1 rollbacks, at 100");
  }

  @Test
  void stopsWhereItsSaveIsRefusedBecauseOfACancellation() {
    answer = answer("ERROR", "23514");
    refusal = Optional.of(new StopAtBoundaryException("cancelled"));

    assertThatThrownBy(() -> transaction().execute(execution, TIMEOUTS, true, this::chunk))
        .isInstanceOf(StopAtBoundaryException.class)
        .hasMessage("cancelled");

    assertThat(state()).isEqualTo("version 7, 100 read, 0 commits, 0 rollbacks, at 100");
  }

  @Test
  void saysThatAnotherVersionWasFound() {
    answer = answer("ERROR", "23514");
    refusal = Optional.of(new OptimisticLockingFailureException("found another"));

    assertThatThrownBy(() -> transaction().execute(execution, TIMEOUTS, true, this::chunk))
        .isInstanceOf(OptimisticLockingFailureException.class);

    assertThat(state()).isEqualTo("version 7, 100 read, 0 commits, 1 rollbacks, at 100");
  }

  @Test
  void forgetsWhatWasRolledBackWhateverWasThrown() {
    Runnable work =
        () -> {
          chunk();
          throw new StackOverflowError("too deep");
        };

    assertThatThrownBy(() -> transaction().execute(execution, TIMEOUTS, true, work))
        .isInstanceOf(StackOverflowError.class);

    assertThat(state()).isEqualTo("version 7, 100 read, 0 commits, 1 rollbacks, at 100");
  }

  @Test
  void doesNothingWhenAWishStopsIt() {
    wish = Optional.of("paused");

    assertThatThrownBy(() -> transaction().execute(execution, TIMEOUTS, true, this::chunk))
        .isInstanceOf(StopAtBoundaryException.class)
        .hasMessage("paused");

    assertThat(state()).isEqualTo("version 7, 100 read, 0 commits, 0 rollbacks, at 100");
  }

  @Test
  void doesNotLookForWishesWhereTheyComeTooLate() {
    wish = Optional.of("paused");

    transaction().execute(execution, TIMEOUTS, false, this::chunk);

    assertThat(state()).isEqualTo("version 8, 200 read, 1 commits, 0 rollbacks, at 200");
  }

  private void chunk() {
    execution.setReadCount(200);
    execution.getExecutionContext().putString("position", "200");
  }

  private String state() {
    return "version %d, %d read, %d commits, %d rollbacks, at %s"
        .formatted(
            execution.getVersion(),
            execution.getReadCount(),
            execution.getCommitCount(),
            execution.getRollbackCount(),
            execution.getExecutionContext().getString("position"));
  }

  private static PSQLException answer(String severity, String sqlState) {
    return new PSQLException(
        new ServerErrorMessage("S%s\0C%s\0Mno\0".formatted(severity, sqlState)));
  }

  private IterationTransaction transaction() {
    return new IterationTransaction(
        new OpenedTransactions(new Manager(), "", Duration.ZERO),
        new IterationGate(new Opening(), this::save, new NoSetbacks(), () -> {}));
  }

  /** Saves by counting the version up. */
  private Ending save(StepExecution execution) {
    execution.incrementVersion();
    return new Save();
  }

  /** Commits, or has the server's answer. */
  private final class Manager implements PlatformTransactionManager {

    private @Nullable BracketedTransaction transaction;

    @Override
    public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
      transaction = (BracketedTransaction) definition;
      return new SimpleTransactionStatus();
    }

    @Override
    public void commit(TransactionStatus status) {
      if (failsBefore) {
        throw new UnexpectedRollbackException("rolled back");
      }
      if (rollsBack) {
        return;
      }
      requireNonNull(transaction).sending();
      if (answer != null) {
        throw new TransactionSystemException("Could not commit", answer);
      }
    }

    @Override
    public void rollback(TransactionStatus status) {}
  }

  /** Means what the test says when it is refused. */
  private final class Save implements Ending {

    @Override
    public Call call() {
      return CALL;
    }

    @Override
    public Optional<RuntimeException> refusal(Throwable failure) {
      return refusal;
    }
  }

  /** Opens unless there is a wish. */
  private final class Opening implements IterationGate.Opening {

    @Override
    public void limit(Timeouts timeouts) {}

    @Override
    public Optional<String> limitUnlessWished(Timeouts timeouts) {
      return wish;
    }

    @Override
    public BracketedTransaction.Opening statement(Timeouts timeouts, boolean obeysWishes) {
      return new Statement(obeysWishes ? wish : Optional.empty());
    }
  }

  /** Finds that wish. */
  private record Statement(Optional<String> stopReason) implements BracketedTransaction.Opening {

    @Override
    public Call call() {
      return CALL;
    }

    @Override
    public void begun(Connection connection, ResultSet answer) {}
  }

  /** A transaction alone has no second try. */
  private static final class NoSetbacks implements Setbacks {

    @Override
    public int counted() {
      return 0;
    }

    @Override
    public void getOver(IterationFailedException failure, InPlace decision) {
      throw failure;
    }
  }
}
