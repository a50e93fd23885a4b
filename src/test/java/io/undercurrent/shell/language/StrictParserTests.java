package io.undercurrent.shell.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.undercurrent.shell.verb.AllVerbs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.shell.core.command.CommandArgument;
import org.springframework.shell.core.command.CommandOption;

class StrictParserTests {

  private final StrictParser parser = new StrictParser(AllVerbs.described());

  @Test
  void partsArgumentsFromOptions() {
    var input = parser.parse("pause fill_titles --reason \"the nightly backup\" --for=2h");

    assertThat(input.commandName()).isEqualTo("pause");
    assertThat(input.arguments()).extracting(CommandArgument::value).containsExactly("fill_titles");
    assertThat(input.options())
        .extracting(CommandOption::longName, CommandOption::value)
        .containsExactly(tuple("reason", "the nightly backup"), tuple("for", "2h"));
  }

  @Test
  void doesNotLetAFlagSwallowTheNextWord() {
    var input = parser.parse(List.of("cancel", "--yes", "fill_titles"));

    assertThat(input.arguments()).extracting(CommandArgument::value).containsExactly("fill_titles");
    assertThat(input.options()).extracting(CommandOption::longName).containsExactly("yes");
  }

  @Test
  void takesEverythingBehindTwoDashesAsArguments() {
    assertThat(parser.parse(List.of("retry", "--", "--odd")).arguments())
        .extracting(CommandArgument::value)
        .containsExactly("--odd");
  }

  @Test
  void knowsVerbsByTheirOtherWords() {
    assertThat(parser.parse("exit").commandName()).isEqualTo("quit");
  }

  @Test
  void turnsTheHelpOptionIntoTheVerb() {
    var input = parser.parse("start --help");

    assertThat(input.commandName()).isEqualTo("help");
    assertThat(input.arguments()).extracting(CommandArgument::value).containsExactly("start");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          statsu              | Unknown verb 'statsu', did you mean 'status'? All verbs: help
          xyz                 | Unknown verb 'xyz'. All verbs: help
          start               | start: JOB is missing. Usage: start JOB [--database DATABASE] [--unchecked REASON]
          jobs all            | jobs: unexpected 'all'. Usage: jobs [--json]
          jobs --jsno         | jobs: unknown option '--jsno', did you mean '--json'? Usage: jobs [--json]
          jobs --json=yes     | jobs: --json takes no value, got 'yes'. Usage: jobs [--json]
          jobs --json --json  | jobs: --json is given twice. Usage: jobs [--json]
          run --database      | run: --database needs a value. Usage: run [--database DATABASE]
          run --database -x   | run: --database needs a value; one that begins with a dash is written --database=-x. Usage: run [--database DATABASE]
          """)
  void saysWhatIsWrong(String line, String message) {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> parser.parse(line))
        .withMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          history --limit 0    | --limit: expected a whole number above 0, got '0'
          history --limit ten  | --limit: expected a whole number above 0, got 'ten'
          pause --for 2x       | --for: expected a duration like 30m, 2h or 1d, got '2x'
          pause --for 5        | --for: expected a duration like 30m, 2h or 1d, got '5'
          pause --for 0s       | --for: expected a duration like 30m, 2h or 1d, got '0s'
          """)
  void checksValues(String line, String problem) {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> parser.parse(line))
        .withMessageContaining(problem);
  }
}
