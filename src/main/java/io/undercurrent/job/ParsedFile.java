package io.undercurrent.job;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A job file after it was read.
 *
 * @param name the job's name
 * @param content what could be read, or null if it is no YAML; a job only without problems
 * @param problems what is wrong with the file, each with its line
 */
record ParsedFile(String name, @Nullable JobFile content, List<String> problems) {

  Optional<JobFile> job() {
    return problems.isEmpty() ? Optional.ofNullable(content) : Optional.empty();
  }

  /** Whether it names an update, even if it has problems. */
  boolean names(String update) {
    return content != null
        && content.updates().stream().anyMatch(defined -> defined.name().equals(update));
  }

  ParsedFile with(List<String> furtherProblems) {
    return new ParsedFile(
        name, content, Stream.concat(problems.stream(), furtherProblems.stream()).toList());
  }
}
