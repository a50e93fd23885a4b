package io.undercurrent.iteration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.failure.FailurePolicy.InPlace;
import io.undercurrent.failure.IterationFailedException;
import io.undercurrent.failure.Setbacks;
import io.undercurrent.stop.StopAtBoundaryException;
import java.sql.SQLException;
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
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.SimpleTransactionStatus;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;

class IterationTransactionTests {

  private static final Timeouts TIMEOUTS = Timeouts.NONE;

  private final StepExecution execution =
      new StepExecution(
          1, "step", new JobExecution(1, new JobInstance(1, "job"), new JobParameters()));

  /** Why the commit fails, or null. */
  private @Nullable SQLException answer;

  private Optional<String> wish = Optional.empty();

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
        new Transactions(),
        new IterationGate(new Opening(), this::save, new NoSetbacks(), () -> {}));
  }

  /** Saves by counting the version up. */
  private Optional<String> save(StepExecution execution) {
    execution.incrementVersion();
    return Optional.empty();
  }

  /** Transactions whose commit fails with the answer. */
  private final class Transactions implements TransactionOperations {

    @Override
    public <T> @Nullable T execute(TransactionCallback<T> action) {
      var result = action.doInTransaction(new SimpleTransactionStatus());
      if (answer != null) {
        throw new TransactionSystemException("Could not commit", answer);
      }
      return result;
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
