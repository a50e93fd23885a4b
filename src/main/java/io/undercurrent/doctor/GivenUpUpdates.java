package io.undercurrent.doctor;

import io.undercurrent.queue.QueuedUpdate;

/** Updates that nobody tries again until an operator says so. */
final class GivenUpUpdates implements Check {

  @Override
  public String name() {
    return "given-up";
  }

  @Override
  public void look(Patient patient, Findings found) {
    patient.queue().stream()
        .filter(QueuedUpdate::givenUp)
        .forEach(
            update ->
                found.problem(
                    update.name(),
                    "Update '%s' was given up: %s".formatted(update.name(), update.lastError()),
                    "Once the cause is fixed: retry " + update.name()));
  }
}
