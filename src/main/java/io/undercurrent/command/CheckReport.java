package io.undercurrent.command;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a check of job files has found.
 *
 * @param jobs the jobs that were looked at
 * @param problems what keeps them from running, each with file and line
 * @param notes what could not be checked yet, each with file and line
 * @param warnings what may run, but may not be what was meant, each with file and line
 */
public record CheckReport(
    List<String> jobs, List<String> problems, List<String> notes, List<String> warnings) {

  CheckReport warning(List<String> more) {
    return new CheckReport(
        jobs, problems, notes, Stream.concat(warnings.stream(), more.stream()).toList());
  }

  CheckReport noting(List<String> more) {
    return new CheckReport(
        jobs, problems, Stream.concat(notes.stream(), more.stream()).toList(), warnings);
  }
}
