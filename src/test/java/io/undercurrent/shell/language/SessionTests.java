package io.undercurrent.shell.language;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.RefusedException;
import io.undercurrent.shell.screen.RecordedScreen;
import io.undercurrent.shell.screen.Screen;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.shell.core.command.annotation.Argument;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;

class SessionTests {

  private final RecordedScreen recorded = new RecordedScreen();
  private final Screen screen = recorded.screen();
  private final Session session =
      new Session(
          Verbs.of(List.of(TestVerbs.class), type -> new TestVerbs()),
          screen,
          new Failures(screen, "the.log"));

  @Test
  void carriesOutAVerbWithItsValues() {
    assertThat(session.perform(List.of("greet", "two words", "--times", "3"))).isZero();
    assertThat(session.perform(List.of("greet"))).isZero();

    assertThat(recorded.out()).isEqualToNormalizingNewlines("two words 3 false\nnull 1 false\n");
    assertThat(recorded.err()).isEmpty();
  }

  @Test
  void isMisusedByUnknownWords() {
    assertThat(session.perform(List.of("great"))).isEqualTo(2);
    assertThat(session.perform(List.of("greet", "--loudly"))).isEqualTo(2);

    assertThat(recorded.err())
        .isEqualToNormalizingNewlines(
            """
            Unknown verb 'great', did you mean 'greet'? All verbs: help
            greet: unknown option '--loudly', did you mean '--loud'? Usage: greet [NAME] [--times TIMES] [--loud]
            """);
  }

  @Test
  void tellsARefusalInOneLine() {
    assertThat(session.perform(List.of("refuse"))).isEqualTo(1);

    assertThat(recorded.err()).isEqualToNormalizingNewlines("Update 'x' is not queued.\n");
  }

  @Test
  void namesTheLogForADefect() {
    assertThat(session.perform(List.of("break"))).isEqualTo(1);

    assertThat(recorded.err())
        .isEqualToNormalizingNewlines(
            "break failed: java.lang.IllegalStateException: a defect. Details are in the.log\n");
  }

  @Test
  void tellsWhatGoesOnWhenInterrupted() {
    assertThat(session.perform(List.of("wait"))).isEqualTo(130);

    assertThat(recorded.err())
        .isEqualToNormalizingNewlines("Interrupted. Updates in the background go on.\n");
  }

  @Test
  void tellsWhatStandsThoughNobodyWaitsForIt() {
    assertThat(session.perform(List.of("wish"))).isEqualTo(130);

    assertThat(recorded.err()).isEqualToNormalizingNewlines("Paused all updates on master.\n");
  }

  @Test
  void isSilentOnceItIsOver() {
    session.end();

    assertThat(session.perform(List.of("break"))).isEqualTo(130);
    assertThat(recorded.err()).isEmpty();
  }

  /** Verbs that end in every way. */
  private final class TestVerbs {

    @Command(name = "greet")
    void greet(
        @Argument(index = 0) @Nullable String name,
        @Option(longName = "times", defaultValue = "1") Integer times,
        @Option(longName = "loud") boolean loud) {
      screen.out().println(name + " " + times + " " + loud);
    }

    @Command(name = "refuse")
    void refuse() {
      throw new RefusedException("Update 'x' is not queued.");
    }

    @Command(name = "break")
    void fail() {
      throw new IllegalStateException("a defect");
    }

    @Command(name = "wish")
    void wish() throws InterruptedException {
      throw new WishStandsException("Paused all updates on master.");
    }

    @Command(name = "wait")
    void waitInVain() throws InterruptedException {
      throw new InterruptedException();
    }
  }
}
