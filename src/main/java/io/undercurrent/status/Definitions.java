package io.undercurrent.status;

import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.job.Jobs;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import java.util.Optional;

/** Finds what the job files say about an update; asked again for each start. */
@FunctionalInterface
public interface Definitions {

  Optional<DefinedUpdate> find(String updateName);

  /** What holds an update that is not to be found. */
  default Hold missing(QueuedUpdate update) {
    return Hold.of(Kind.UNDEFINED, update.name()).who(update.job());
  }

  /** Those of job files. */
  static Definitions of(Jobs jobs) {
    return new Definitions() {
      @Override
      public Optional<DefinedUpdate> find(String updateName) {
        return jobs.definition(updateName);
      }

      @Override
      public Hold missing(QueuedUpdate update) {
        return jobs.brokenJob(update.job(), update.name())
            .map(job -> broken(update.name(), job))
            .orElseGet(
                () ->
                    Definitions.super.missing(update).what(jobs.source(update.job()).orElse(null)));
      }

      private Hold broken(String update, String job) {
        var problems = jobs.problems(job);
        return Hold.of(Kind.BROKEN_FILE, update)
            .who(job)
            .what(problems.stream().findFirst().orElse(null))
            .count(problems.size());
      }
    };
  }
}
