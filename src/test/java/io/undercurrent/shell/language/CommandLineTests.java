package io.undercurrent.shell.language;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.shell.screen.RecordedScreen;
import io.undercurrent.shell.verb.AllVerbs;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTests {

  private final RecordedScreen recorded = new RecordedScreen();

  @Test
  void handsPropertiesToSpringAndWordsToTheVerb() {
    var commandLine =
        CommandLine.of(
            "--undercurrent.home=/tmp/x",
            "pause",
            "--reason",
            "two words",
            "--for=2h",
            "--undercurrent.databases[0].name=main");

    assertThat(commandLine.properties())
        .startsWith("--undercurrent.home=/tmp/x", "--undercurrent.databases[0].name=main");
    assertThat(commandLine.words()).containsExactly("pause", "--reason", "two words", "--for=2h");
    assertThat(commandLine.opensConsole()).isFalse();
  }

  @Test
  void servesHttpForServeAndForNoOtherVerb() {
    var enabled = "--undercurrent.admin.enabled=true";
    var disabled = "--undercurrent.admin.enabled=false";

    assertThat(CommandLine.of("serve").properties()).contains(enabled);
    assertThat(CommandLine.of("status").properties()).containsExactly(disabled);
    assertThat(CommandLine.of(enabled, "run").properties()).containsExactly(enabled);
    assertThat(CommandLine.of().properties()).isEmpty();
  }

  @Test
  void opensTheConsoleWithoutAVerb() {
    var commandLine = CommandLine.of("--undercurrent.home=/tmp/x");

    assertThat(commandLine.opensConsole()).isTrue();
    assertThat(commandLine.answer(AllVerbs.described())).isEmpty();
  }

  @Test
  void answersWhatNeedsNoDatabase() {
    assertThat(CommandLine.of("--version").answer(AllVerbs.described(), recorded.screen()))
        .hasValue(0);
    assertThat(CommandLine.of("--help").answer(AllVerbs.described(), recorded.screen()))
        .hasValue(0);
    assertThat(CommandLine.of("help", "start").answer(AllVerbs.described(), recorded.screen()))
        .hasValue(0);
    assertThat(CommandLine.of("start", "--help").answer(AllVerbs.described(), recorded.screen()))
        .hasValue(0);

    assertThat(recorded.out())
        .startsWith("undercurrent ")
        .containsPattern("\\Rjava +\\d+.*\\Rpostgresql driver +\\d+\\.")
        .contains("Background updates on live PostgreSQL databases.")
        .contains("start JOB [--database DATABASE] [--unchecked REASON]");
    assertThat(recorded.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"version", "--version"})
  void saysItsVersionForScripts(String word) {
    assertThat(CommandLine.of(word, "--json").answer(AllVerbs.described(), recorded.screen()))
        .hasValue(0);

    assertThat(recorded.out())
        .contains("\"version\" : \"", "\"java\" : \"", "\"postgresql_driver\" : \"");
    assertThat(CommandLine.of(word, "--loud").answer(AllVerbs.described(), recorded.screen()))
        .hasValue(2);
  }

  @Test
  void knowsTheOtherNameOfHelp() {
    assertThat(CommandLine.of("?", "start").answer(AllVerbs.described(), recorded.screen()))
        .hasValue(0);

    assertThat(recorded.out()).startsWith("start JOB");
  }

  @Test
  void leavesVerbsThatAreWrittenWellToTheSession() {
    assertThat(CommandLine.of("status", "--json").answer(AllVerbs.described(), recorded.screen()))
        .isEmpty();
    assertThat(recorded.out() + recorded.err()).isEmpty();
  }

  @Test
  void refusesMistakesAtOnce() {
    assertThat(CommandLine.of("statsu").answer(AllVerbs.described(), recorded.screen()))
        .hasValue(2);

    assertThat(recorded.out()).isEmpty();
    assertThat(recorded.err())
        .isEqualToNormalizingNewlines(
            "Unknown verb 'statsu', did you mean 'status'? All verbs: help\n");
  }

  static Stream<Named<List<String>>> mistakes() {
    return AllVerbs.described().stream()
        .flatMap(verb -> mistakes(verb).map(words -> with(verb, words)))
        .map(words -> Named.of(String.join(" ", words), words));
  }

  private static Stream<List<String>> mistakes(Verb verb) {
    var unknown = Stream.of(List.of("--jsn"), List.of("--since.7d"), List.of("-j"));
    var last =
        verb.arguments().isEmpty() ? null : verb.arguments().get(verb.arguments().size() - 1);
    return Stream.concat(
        last != null && last.type() == List.class
            ? unknown
            : Stream.concat(unknown, Stream.of(List.of("one too many"))),
        verb.options().stream().flatMap(CommandLineTests::mistakes));
  }

  private static Stream<List<String>> mistakes(Parameter option) {
    var name = "--" + option.name();
    if (option.isFlag()) {
      return Stream.of(List.of(name + "=yes"), List.of(name, name));
    }
    return option.type() == String.class
        ? Stream.of(List.of(name), List.of(name, "a", name, "a"))
        : Stream.of(List.of(name), List.of(name, "2x"), List.of(name, "0"), List.of(name + "="));
  }

  /** The verb with what it requires, and the words behind that. */
  private static List<String> with(Verb verb, List<String> words) {
    var required = verb.arguments().stream().map(Parameter::placeholder);
    return Stream.of(Stream.of(verb.getName()), required, words.stream())
        .flatMap(each -> each)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void isMisusedByWhatNoVerbUnderstands(List<String> words) {
    var exitCode =
        CommandLine.of(words.toArray(String[]::new))
            .answer(AllVerbs.described(), recorded.screen());

    assertThat(exitCode).hasValue(2);
    assertThat(recorded.out()).isEmpty();
    assertThat(recorded.err()).startsWith(words.get(0) + ": ");
  }
}
