package io.undercurrent.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.shell.language.Failures;
import io.undercurrent.shell.language.Help;
import io.undercurrent.shell.language.Session;
import io.undercurrent.shell.language.Verbs;
import io.undercurrent.shell.screen.RecordedScreen;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.system.HelpVerb;
import io.undercurrent.shell.verb.AllVerbs;
import java.io.LineNumberReader;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptTests {

  private final RecordedScreen recorded = new RecordedScreen();
  private final Screen screen = recorded.screen();
  private final Verbs verbs =
      Verbs.of(
          List.of(HelpVerb.class), type -> new HelpVerb(new Help(AllVerbs.described()), screen));

  @Test
  void carriesOutLineAfterLine() {
    assertThat(run("# find out\n\nhelp exit-codes\nhelp \"start\"\n")).isZero();

    assertThat(recorded.out()).contains("Exit codes of verbs").contains("start JOB");
  }

  @Test
  void endsWithTheFirstThatFails() {
    assertThat(run("hlep\nhelp exit-codes\n")).isEqualTo(2);

    assertThat(recorded.out()).isEmpty();
  }

  @Test
  void endsWhereItSaysSo() {
    assertThat(run("quit\nhelp exit-codes\n")).isZero();

    assertThat(recorded.out()).isEmpty();
  }

  @Test
  void tellsAboutQuitWithoutLeaving() {
    assertThat(run("quit --help\nhelp exit-codes\n")).isZero();

    assertThat(recorded.out()).contains("Leave the console.").contains("Exit codes of verbs");
  }

  @Test
  void saysWhereAQuoteBeganThatIsNotClosed() {
    assertThat(run("# don't\nhelp quit\n\nhelp \"start\nhelp exit-codes\n")).isEqualTo(2);

    assertThat(recorded.out()).contains("quit").doesNotContain("Exit codes");
    assertThat(recorded.err())
        .isEqualToNormalizingNewlines(
            "line 4, column 6: expected another \" to close this quote, found none: \"start."
                + " Close it, or write \\\" for the character itself\n");
  }

  private int run(String lines) {
    var failures = new Failures(screen, "the.log");
    var session = new Session(verbs, screen, failures);
    return new Script(session, new LineNumberReader(new StringReader(lines))).run();
  }
}
