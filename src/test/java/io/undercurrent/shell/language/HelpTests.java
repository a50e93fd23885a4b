package io.undercurrent.shell.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.undercurrent.command.ShippedKinds;
import io.undercurrent.shell.screen.RecordedScreen;
import io.undercurrent.shell.verb.AllVerbs;
import org.junit.jupiter.api.Test;

class HelpTests {

  private final RecordedScreen recorded = new RecordedScreen();
  private final Help help = new Help(AllVerbs.described());

  @Test
  void listsEveryVerbOnALineOfItsOwn() {
    help.overview(recorded.screen());

    assertThat(recorded.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(recorded.out().lines().map(line -> line.strip().split(" ")[0]))
        .containsAll(AllVerbs.described().stream().map(Verb::getName).toList());
  }

  @Test
  void explainsAVerb() {
    help.about("retry", recorded.screen());

    assertThat(recorded.out())
        .isEqualToNormalizingNewlines(
            """
            retry UPDATE [--database DATABASE] [--accept-change]

            Try a failed or given-up update again now.

              UPDATE               the update
              --database DATABASE  the database; the main one without it
              --accept-change      go on with the file as it is now
              --help               this text

            Its count of failures starts at zero; it goes on after its last committed chunk.
            One that waits for swap looks once more whether all is ready.
            A run whose job file has changed since it began is held until the file is as
            it was, or --accept-change has it go on with what the file says now.

            Example:
              retry fill_titles
              retry fill_titles --accept-change
            """);
  }

  @Test
  void hasAnExampleForEveryVerbAndFitsTheScreen() {
    AllVerbs.described().stream().forEach(verb -> help.about(verb.getName(), recorded.screen()));

    assertThat(AllVerbs.described().stream().map(Verb::getHelp))
        .allSatisfy(text -> assertThat("\n\n" + text).contains("\n\nExample:\n  "));
    assertThat(recorded.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void explainsExitCodes() {
    help.about("exit-codes", recorded.screen());

    assertThat(recorded.out())
        .isEqualToNormalizingNewlines(
            """
            Exit codes of verbs on the command line:

                0  done; also serve ended by SIGTERM
                1  refused or failed; standard error says why
                2  not understood: an unknown verb or option, a missing or wrong word
                3  doctor has found a problem; a hint alone leaves 0
                4  run: completed, but for rows that are in quarantine
              130  interrupted by Ctrl-C; what ran has stopped at an iteration boundary
              143  the same by SIGTERM, except for serve
            """);
  }

  @Test
  void explainsWhatAJobFileCanSay() {
    help.about("job-file", recorded.screen());

    assertThat(recorded.out().lines()).allMatch(line -> line.length() <= 80);
    for (var kind : ShippedKinds.all().all()) {
      assertThat(recorded.out())
          .contains("  " + kind.name() + "  ")
          .contains(kind.example().indent(2));
    }
    assertThat(recorded.out()).contains("lock-timeout", "description");
  }

  @Test
  void explainsAKindOfUpdate() {
    help.about("job-file", "create-index", recorded.screen());

    assertThat(recorded.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(recorded.out())
        .startsWith("create-index: ")
        .contains("create-index.columns.operator-class  its operator class")
        .contains("    create-index:\n");
  }

  @Test
  void suggestsTheKindThatWasMeant() {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> help.about("job-file", "create-indx", recorded.screen()))
        .withMessage(
            "No kind of update has the key 'create-indx', did you mean 'create-index'? All kinds: help job-file");
  }

  @Test
  void suggestsTheTopicThatWasMeant() {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> help.about("stauts", recorded.screen()))
        .withMessage("No help on 'stauts', did you mean 'status'? All topics: help");
  }
}
