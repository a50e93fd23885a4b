package io.undercurrent.doctor;

import io.undercurrent.execution.Workers;
import io.undercurrent.status.WorkerView;

/**
 * Workers that cannot do what they are there for, and a broker that cannot be reached.
 *
 * @param workers those that this process could ask
 */
record WorkersGone(Workers workers) implements Check {

  @Override
  public String name() {
    return "workers";
  }

  @Override
  public void look(Patient patient, Findings found) {
    workers
        .problem()
        .ifPresent(
            problem ->
                found.problem(
                    null,
                    problem + ", so that runners work on all slices themselves",
                    "Start it, or correct undercurrent.workers.broker-url"));
    for (var worker : WorkerView.list(patient.jdbc())) {
      if (!worker.alive()) {
        found.hint(
            worker.name(),
            "The worker %s has gone without a word".formatted(worker.name()),
            "Start it again with: worker");
      } else if (worker.unfitFor() != null) {
        found.problem(
            worker.name(),
            "The worker %s takes no slices of '%s': %s"
                .formatted(worker.name(), worker.unfitFor(), worker.unfitBecause()),
            "Give it the job files and modules of the process that runs the updates, and restart it");
      }
    }
  }
}
