package io.undercurrent.doctor;

import io.undercurrent.lease.StaleLease;
import io.undercurrent.runner.Recovery;

/** A lease whose process is gone, or hangs. */
final class StaleLeases implements Check {

  @Override
  public String name() {
    return "stale-lease";
  }

  @Override
  public void look(Patient patient, Findings found) {
    StaleLease.find(patient.jdbc())
        .ifPresent(
            lease ->
                found.hint(
                    lease.owner(),
                    "%s has not given the lease back, and was last seen %s ago%s"
                        .formatted(
                            lease.owner(),
                            Age.words(lease.seenAgo().toSeconds()),
                            lease.connected() ? "; it is still connected, so it hangs" : ""),
                    "The next process that runs updates takes it over: run",
                    done ->
                        done.accept(
                            Recovery.recover(patient.database(), patient.time())
                                ? "Took the lease of %s over and gave it back."
                                    .formatted(lease.owner())
                                : "Another process has taken the lease over meanwhile.")));
  }
}
