package io.undercurrent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.RefusedException;
import io.undercurrent.failure.FailureKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.JobInterruptedException;

class ExecutionFailureTests {

  @Test
  void isThatOfTheLaneThatHasFailed() {
    var failure =
        ExecutionFailure.of(
            List.of(
                new JobInterruptedException("another lane has failed"),
                new JobExecutionException("Partition handler returned an unsuccessful step"),
                new RefusedException("expected another key")),
            ExitStatus.FAILED);

    assertThat(failure.message()).isEqualTo("expected another key");
    assertThat(failure.kind()).isEqualTo(FailureKind.HOPELESS);
  }
}
