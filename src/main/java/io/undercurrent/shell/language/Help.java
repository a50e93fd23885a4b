package io.undercurrent.shell.language;

import io.undercurrent.database.DidYouMean;
import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.Screen;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the verbs are for, in words. */
public final class Help {

  static final String EXIT_CODES = "exit-codes";

  private final Verbs verbs;

  public Help(Verbs verbs) {
    this.verbs = verbs;
  }

  /** What can be asked for. */
  public List<String> topics() {
    return Stream.concat(
            verbs.names().stream(),
            Stream.of(EXIT_CODES, ErrorHelp.TOPIC, JobFileHelp.TOPIC, JsonHelp.TOPIC))
        .toList();
  }

  /** All verbs, a line each. */
  public void overview(Screen screen) {
    screen.out().println("Background updates on live PostgreSQL databases.");
    var indent = verbs.stream().mapToInt(verb -> brief(verb).length()).max().orElse(0) + 4;
    for (var group : Groups.ORDER) {
      screen.out().println();
      screen.out().println(group);
      inGroup(group).print(screen, indent);
    }
    screen.out().println();
    Stream.of(
            "Without a verb the console opens; with one, that verb runs once.",
            "More on a verb, with an example: help VERB, or VERB --help.",
            "Exit codes: help exit-codes.",
            "What a job file can say, with examples: help job-file.",
            "What is done about which error: help errors.",
            "JSON for scripts: help json.")
        .flatMap(line -> DescriptionList.wrapped(line, screen.width()).stream())
        .forEach(screen.out()::println);
  }

  private DescriptionList inGroup(String group) {
    var lines = new DescriptionList();
    verbs.stream()
        .filter(verb -> verb.getGroup().equals(group))
        .forEach(verb -> lines.add("  " + brief(verb), verb.getDescription()));
    return lines;
  }

  private static String brief(Verb verb) {
    return Stream.concat(Stream.of(verb.getName()), verb.arguments().stream().map(Parameter::usage))
        .reduce((left, right) -> left + " " + right)
        .orElseThrow();
  }

  /**
   * One verb or topic, or a part of one.
   *
   * @param part the part, or null for the whole
   * @throws UsageException if there is no such topic, or none with such a part
   */
  public void about(String topic, @Nullable String part, Screen screen) {
    if (part == null) {
      about(topic, screen);
    } else if (topic.equals(JobFileHelp.TOPIC)) {
      JobFileHelp.print(part, screen);
    } else {
      throw new UsageException(
          "Unexpected '%s': only help job-file takes a second word".formatted(part));
    }
  }

  /**
   * One verb or topic.
   *
   * @throws UsageException if there is no such topic
   */
  public void about(String topic, Screen screen) {
    if (topic.equals(EXIT_CODES)) {
      exitCodes(screen);
      return;
    }
    if (topic.equals(ErrorHelp.TOPIC)) {
      ErrorHelp.print(screen);
      return;
    }
    if (topic.equals(JobFileHelp.TOPIC)) {
      JobFileHelp.print(screen);
      return;
    }
    if (topic.equals(JsonHelp.TOPIC)) {
      JsonHelp.print(screen);
      return;
    }
    verb(
        verbs
            .named(topic)
            .orElseThrow(
                () ->
                    new UsageException(
                        StrictParser.sentence(
                                "No help on '%s'%s"
                                    .formatted(topic, DidYouMean.hint(topic, topics())))
                            + " All topics: help")),
        screen);
  }

  private static void verb(Verb verb, Screen screen) {
    var out = screen.out();
    DescriptionList.wrapped(verb.usage(), screen.width()).forEach(out::println);
    out.println();
    DescriptionList.wrapped(verb.getDescription() + ".", screen.width()).forEach(out::println);
    var parameters = new DescriptionList();
    Stream.concat(verb.arguments().stream(), verb.options().stream())
        .forEach(parameter -> parameters.add("  " + parameter.label(), described(parameter)));
    out.println();
    parameters.add("  --help", "this text").print(screen);
    out.println();
    out.println(verb.getHelp().stripTrailing());
  }

  private static String described(Parameter parameter) {
    return parameter.otherwise().isEmpty()
        ? parameter.description()
        : "%s (%s)".formatted(parameter.description(), parameter.otherwise());
  }

  private static void exitCodes(Screen screen) {
    screen.out().println("Exit codes of verbs on the command line:");
    screen.out().println();
    new DescriptionList()
        .add("    0", "done; also serve ended by SIGTERM")
        .add("    1", "refused or failed; standard error says why")
        .add("    2", "not understood: an unknown verb or option, a missing or wrong word")
        .add("    3", "doctor has found a problem; a hint alone leaves 0")
        .add("    4", "run: completed, but for rows that are in quarantine")
        .add("  130", "interrupted by Ctrl-C; what ran has stopped at an iteration boundary")
        .add("  143", "the same by SIGTERM, except for serve")
        .print(screen);
  }
}
