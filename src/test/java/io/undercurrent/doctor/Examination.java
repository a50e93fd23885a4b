package io.undercurrent.doctor;

import io.undercurrent.database.Database;
import io.undercurrent.execution.Workers;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.job.JobFile;
import io.undercurrent.status.Definitions;
import io.undercurrent.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a doctor finds and mends, for assertions. */
record Examination(Doctor doctor) {

  /** By all checks, where no job file defines anything. */
  static Examination of(Database database) {
    return new Examination(
        new Doctor(database, update -> Optional.empty(), TimeSource.SYSTEM, Workers.NONE));
  }

  /** By one check. */
  static Examination by(Check check, Database database, JobFile... jobs) {
    return new Examination(
        new Doctor(database, definitions(jobs), TimeSource.SYSTEM, List.of(check)));
  }

  static Definitions definitions(JobFile... jobs) {
    return name ->
        Stream.of(jobs)
            .flatMap(job -> job.updates().stream().map(update -> new DefinedUpdate(job, update)))
            .filter(defined -> defined.definition().name().equals(name))
            .findFirst();
  }

  Report report() {
    return doctor.examine();
  }

  /** Each finding with its cure. */
  List<String> findings() {
    return report().findings().stream()
        .map(
            finding ->
                "%s%s: %s. %s%s"
                    .formatted(
                        finding.isProblem() ? "" : "hint ",
                        finding.name(),
                        finding.sentence(),
                        finding.cure(),
                        finding.fixable() ? " (fixable)" : ""))
        .toList();
  }

  /** What became of the findings of a name. */
  List<String> fix(String name) {
    var recorded = new ArrayList<Fixed>();
    var fixed = doctor.fix(name, recorded::add);
    if (!recorded.equals(fixed.stream().filter(Fixed::done).toList())) {
      throw new AssertionError("expected what was done to be recorded, found " + recorded);
    }
    return fixed.stream().map(one -> (one.done() ? "" : "left: ") + one.outcome()).toList();
  }
}
