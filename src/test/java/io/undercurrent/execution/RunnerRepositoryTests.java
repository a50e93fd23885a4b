package io.undercurrent.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.lease.FencedPool;
import io.undercurrent.lease.Lease;
import io.undercurrent.lease.Owner;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.time.TimeSource;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.dao.OptimisticLockingFailureException;

@PostgresTest
class RunnerRepositoryTests {

  @Test
  void doesNotPutThePositionBackOfAnExecutionThatHasGoneOnElsewhere(Database database) {
    database.prepare();
    try (var lease =
            Lease.take(database, Owner.thisProcess(), true, TimeSource.SYSTEM).orElseThrow();
        var pool = new FencedPool(lease)) {
      var repository = RunnerRepository.create(pool.dataSource(), pool.manager());
      var parameters = new JobParameters();
      var instance = repository.createJobInstance("visit", parameters);
      var job = repository.createJobExecution(instance, parameters, new ExecutionContext());
      var late = repository.createStepExecution("visit:slice1", job);
      var ahead = Objects.requireNonNull(repository.getStepExecution(late.getId()));
      ahead.getExecutionContext().putString("position", "20");
      repository.update(ahead);
      repository.updateExecutionContext(ahead);

      late.getExecutionContext().putString("position", "10");
      assertThatThrownBy(() -> repository.updateExecutionContext(late))
          .isInstanceOf(OptimisticLockingFailureException.class);

      var kept = Objects.requireNonNull(repository.getStepExecution(late.getId()));
      assertThat(kept.getExecutionContext().getString("position")).isEqualTo("20");
    }
  }
}
