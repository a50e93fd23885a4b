package io.undercurrent.doctor;

import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.state.Hold;

/** Queued updates that no job file defines, or whose file has problems. */
final class UndefinedUpdates implements Check {

  @Override
  public String name() {
    return "undefined-update";
  }

  @Override
  public void look(Patient patient, Findings found) {
    patient.queue().stream()
        .filter(update -> patient.definitions().find(update.name()).isEmpty())
        .forEach(update -> report(update, patient, found));
  }

  private static void report(QueuedUpdate update, Patient patient, Findings found) {
    var hold = patient.definitions().missing(update);
    if (hold.is(Hold.Kind.BROKEN_FILE)) {
      found.problem(
          update.name(),
          "Update '%s' is queued, but the file of its job '%s' has problems, the first: %s"
              .formatted(update.name(), update.job(), hold.what()),
          "See them with: check " + update.job());
    } else {
      found.problem(
          update.name(),
          "Update '%s' is queued, but no job file defines it".formatted(update.name()),
          "Add the file back, or drop the update with: cancel " + update.name());
    }
  }
}
