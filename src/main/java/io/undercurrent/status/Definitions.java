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

  /** Whether a job has a file that cannot be read for its problems. */
  default boolean isBroken(String job) {
    return false;
  }

  /** What holds an update that is not to be found. */
  default Hold missing(QueuedUpdate update) {
    var kind = isBroken(update.job()) ? Kind.BROKEN_FILE : Kind.UNDEFINED;
    return Hold.of(kind, update.name()).who(update.job());
  }

  /** Those of job files. */
  static Definitions of(Jobs jobs) {
    return new Definitions() {
      @Override
      public Optional<DefinedUpdate> find(String updateName) {
        return jobs.definition(updateName);
      }

      @Override
      public boolean isBroken(String job) {
        return !jobs.problems(job).isEmpty();
      }
    };
  }
}
