package io.undercurrent.kind;

import io.undercurrent.index.IndexStep;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.job.Work.CreateIndex;
import io.undercurrent.job.Work.ReadWrite;
import io.undercurrent.job.Work.Run;
import io.undercurrent.rows.AdaptiveChunkStep;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;

/** Makes the Spring Batch step of an update from its definition. */
public final class UpdateSteps {

  private UpdateSteps() {}

  /** Makes a step for one execution; the database is asked when the step is opened. */
  public static Step of(JobRepository repository, UpdateContext update) {
    var work = update.definition().work();
    if (work instanceof ReadWrite readWrite) {
      return new AdaptiveChunkStep(repository, update, readWrite);
    }
    if (work instanceof CreateIndex createIndex) {
      return new IndexStep(repository, update, createIndex);
    }
    return new RunStep(repository, update, (Run) work);
  }
}
