package io.undercurrent.shell.language;

import io.undercurrent.doctor.Doctor;
import io.undercurrent.job.JobFile;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.queue.Knob;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the words of a command can name.
 *
 * @param jobs the jobs that can be started
 * @param queued the updates that wait or run on a database, the main one without a name
 * @param databases the configured databases
 * @param topics what help can be asked for
 */
public record Names(
    Supplier<List<JobFile>> jobs,
    Function<@Nullable String, List<String>> queued,
    Supplier<List<String>> databases,
    List<String> topics) {

  /** What can be done with tokens. */
  public static final List<String> TOKEN_ACTIONS = List.of("create", "list", "revoke");

  /** What can be done with rows in quarantine. */
  public static final List<String> QUARANTINE_ACTIONS = List.of("replay", "drop");

  /** What {@code history} does besides showing. */
  public static final String PURGE = "purge";

  /** The verbs that also know updates that are not queued. */
  private static final Set<String> OF_ALL =
      Set.of("history", "show", "get", "quarantine", "chart", "report");

  /**
   * The names that a verb's parameter can have; none if it is no name.
   *
   * @param database the one that the command is about, or null for the main one
   */
  Stream<String> of(Verb verb, Parameter parameter, @Nullable String database) {
    return switch (parameter.placeholder()) {
      case "JOB" -> jobs.get().stream().map(JobFile::name);
      case "UPDATE", "NAME" -> {
        var waiting = queued.apply(database).stream();
        var known = OF_ALL.contains(verb.getName()) ? andDefined(waiting) : waiting;
        yield verb.getName().equals("history") && !parameter.isOption()
            ? Stream.concat(known, Stream.of(PURGE))
            : known;
      }
      case "WHAT" ->
          Stream.concat(QUARANTINE_ACTIONS.stream(), andDefined(queued.apply(database).stream()));
      case "DATABASE" -> databases.get().stream();
      case "TOPIC" -> topics.stream();
      case "SETTING" -> settings();
      case "ACTION" -> TOKEN_ACTIONS.stream();
      case "FIX" -> Doctor.names().stream();
      default -> Stream.empty();
    };
  }

  /** Examples: completion cannot know what an update needs. */
  private static Stream<String> settings() {
    return Arrays.stream(Knob.values())
        .flatMap(knob -> knob.examples().stream().map(value -> knob.word() + "=" + value));
  }

  /** Updates that may have run. */
  private Stream<String> andDefined(Stream<String> updates) {
    var defined = jobs.get().stream().flatMap(job -> job.updates().stream());
    return Stream.concat(updates, defined.map(UpdateDefinition::name)).distinct();
  }
}
