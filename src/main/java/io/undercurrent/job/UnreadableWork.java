package io.undercurrent.job;

import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.kind.CheckContext;
import io.undercurrent.kind.Description;
import io.undercurrent.kind.Work;
import io.undercurrent.sql.Sql;
import java.util.function.Function;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;

/**
 * Stands in for work with a problem, so that the rest of the file is read as well. A file with
 * problems defines no job, so nobody asks it for anything.
 */
enum UnreadableWork implements Work {
  INSTANCE;

  @Override
  public Description describe(Function<Sql, String> shortened) {
    throw refused();
  }

  @Override
  public void check(CheckContext check) {
    throw refused();
  }

  @Override
  public Step step(JobRepository repository, UpdateContext update) {
    throw refused();
  }

  private static IllegalStateException refused() {
    return new IllegalStateException("the job file has problems");
  }
}
