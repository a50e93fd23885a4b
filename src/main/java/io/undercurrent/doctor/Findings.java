package io.undercurrent.doctor;

import io.undercurrent.doctor.Finding.Fix;
import io.undercurrent.doctor.Finding.Severity;
import io.undercurrent.doctor.Report.NotDone;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one check has found so far. */
final class Findings {

  private final String name;
  private final List<Finding> findings = new ArrayList<>();
  private final List<NotDone> notDone = new ArrayList<>();

  Findings(String name) {
    this.name = name;
  }

  void problem(@Nullable String subject, String sentence, String cure) {
    problem(subject, sentence, cure, null);
  }

  void problem(@Nullable String subject, String sentence, String cure, @Nullable Fix fix) {
    findings.add(new Finding(name, Severity.PROBLEM, subject, sentence, cure, fix));
  }

  void hint(@Nullable String subject, String sentence, String cure) {
    hint(subject, sentence, cure, null);
  }

  void hint(@Nullable String subject, String sentence, String cure, @Nullable Fix fix) {
    findings.add(new Finding(name, Severity.HINT, subject, sentence, cure, fix));
  }

  /** Notes why the check could not see everything, or anything. */
  void notSeen(String reason) {
    notDone.add(new NotDone(name, reason));
  }

  List<Finding> list() {
    return List.copyOf(findings);
  }

  List<NotDone> notDone() {
    return List.copyOf(notDone);
  }
}
