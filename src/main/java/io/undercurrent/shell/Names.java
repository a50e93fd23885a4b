package io.undercurrent.shell;

import io.undercurrent.job.JobFile;
import io.undercurrent.job.UpdateDefinition;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What the words of a command can name.
 *
 * @param jobs the jobs that can be started
 * @param queued the updates that wait or run
 * @param databases the configured databases
 * @param topics what help can be asked for
 */
record Names(
    Supplier<List<JobFile>> jobs,
    Supplier<List<String>> queued,
    Supplier<List<String>> databases,
    List<String> topics) {

  /** The verbs that also tell about updates that are not queued. */
  private static final Set<String> OF_ALL = Set.of("history", "show");

  /** The names that a verb's parameter can have; none if it is no name. */
  Stream<String> of(Verb verb, Parameter parameter) {
    return switch (parameter.placeholder()) {
      case "JOB" -> jobs.get().stream().map(JobFile::name);
      case "UPDATE", "NAME" -> OF_ALL.contains(verb.getName()) ? known() : queued.get().stream();
      case "DATABASE" -> databases.get().stream();
      case "TOPIC" -> topics.stream();
      case "ACTION" -> TokenVerbs.ACTIONS.stream();
      default -> Stream.empty();
    };
  }

  /** Updates that may have run. */
  private Stream<String> known() {
    var defined = jobs.get().stream().flatMap(job -> job.updates().stream());
    return Stream.concat(queued.get().stream(), defined.map(UpdateDefinition::name)).distinct();
  }
}
