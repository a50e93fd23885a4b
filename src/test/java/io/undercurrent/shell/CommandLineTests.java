package io.undercurrent.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
    assertThat(commandLine.answer()).isEmpty();
  }

  @Test
  void answersWhatNeedsNoDatabase() {
    assertThat(CommandLine.of("--version").answer(recorded.screen())).hasValue(0);
    assertThat(CommandLine.of("--help").answer(recorded.screen())).hasValue(0);
    assertThat(CommandLine.of("help", "start").answer(recorded.screen())).hasValue(0);
    assertThat(CommandLine.of("start", "--help").answer(recorded.screen())).hasValue(0);

    assertThat(recorded.out())
        .startsWith("undercurrent ")
        .contains("Background updates on live PostgreSQL databases.")
        .contains("start JOB [--database DATABASE] [--unchecked REASON]");
    assertThat(recorded.err()).isEmpty();
  }

  @Test
  void leavesVerbsThatAreWrittenWellToTheSession() {
    assertThat(CommandLine.of("status", "--json").answer(recorded.screen())).isEmpty();
    assertThat(recorded.out() + recorded.err()).isEmpty();
  }

  @Test
  void refusesMistakesAtOnce() {
    assertThat(CommandLine.of("statsu").answer(recorded.screen())).hasValue(2);

    assertThat(recorded.out()).isEmpty();
    assertThat(recorded.err())
        .isEqualToNormalizingNewlines(
            "Unknown verb 'statsu', did you mean 'status'? All verbs: help\n");
  }
}
