package io.undercurrent.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.undercurrent.shell.language.Failures;
import io.undercurrent.shell.language.Help;
import io.undercurrent.shell.language.Session;
import io.undercurrent.shell.language.Verbs;
import io.undercurrent.shell.screen.Screens;
import io.undercurrent.shell.system.ClearVerb;
import io.undercurrent.shell.system.HelpVerb;
import io.undercurrent.shell.verb.AllVerbs;
import io.undercurrent.shell.view.Prompt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jline.reader.LineReaderBuilder;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsoleTests {

  private static final String PROMPT = "undercurrent > ";
  private static final String CTRL_C = "\u0003";
  private static final String CTRL_D = "\u0004";

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final PipedOutputStream keys = new PipedOutputStream();
  private Terminal terminal;
  private final List<String> news = new CopyOnWriteArrayList<>();
  private CompletableFuture<Void> console;

  @BeforeEach
  void open() throws IOException {
    terminal = new ExternalTerminal("test", "ansi", new PipedInputStream(keys), shown, UTF_8);
    console = CompletableFuture.runAsync(console()::run);
  }

  @AfterEach
  void close() throws IOException {
    terminal.close();
  }

  @Test
  void carriesOutLinesUntilTheOperatorLeaves() throws IOException {
    type(1, "hlep\r");
    type(2, "help exit-codes\r");
    type(3, "quit\r");

    assertThat(everythingShown())
        .contains("Unknown verb 'hlep', did you mean 'help'?")
        .contains("Exit codes of verbs");
  }

  @Test
  void tellsAboutQuitWithoutLeaving() throws IOException {
    type(1, "quit --help\r");
    type(2, "quit now\r");
    type(3, "quit\r");

    assertThat(everythingShown())
        .contains("Leave the console.")
        .contains("quit: unexpected 'now'. Usage: quit");
  }

  @Test
  void clearsTheLineOnCtrlC() throws IOException {
    type(1, "help start");
    await().untilAsserted(() -> assertThat(shown.toString(UTF_8)).contains("help start"));
    type(1, CTRL_C);
    type(2, "help exit-codes\r");
    type(3, "exit\r");

    assertThat(everythingShown()).contains("Exit codes of verbs").doesNotContain("start JOB");
  }

  @Test
  void carriesOutEachOfTheLinesThatArePasted() throws IOException {
    type(1, "\u001b[200~help exit-codes\n# a comment\n\nhlep\nhelp start\n\u001b[201~\r");
    type(6, "quit\r");

    assertThat(everythingShown())
        .containsSubsequence(
            "Exit codes of verbs",
            PROMPT + "hlep",
            "Unknown verb 'hlep'",
            PROMPT + "help start",
            "start JOB");
  }

  @Test
  void leavesWhereAPastedLineDoes() throws IOException {
    type(1, "\u001b[200~quit\nhelp exit-codes\u001b[201~\r");

    assertThat(everythingShown()).doesNotContain("Exit codes of verbs");
  }

  @Test
  void saysWhereAQuoteBeganThatIsNotClosed() throws IOException {
    type(1, "help \"exit-codes\r");
    type(2, "help don't\r");
    type(3, "quit\r");

    assertThat(everythingShown())
        .contains("column 6: expected another \" to close this quote, found none: \"exit-codes.")
        .contains("column 9: expected another ' to close this quote, found none: 't.");
  }

  @Test
  void saysWhatHasEndedBeforeTheNextPrompt() throws IOException {
    type(1, "help quit");
    news.add("fill_titles: completed");
    type(1, "\r");
    type(2, "quit\r");

    assertThat(everythingShown()).containsSubsequence("quit", "fill_titles: completed", PROMPT);
  }

  @Test
  void clearsTheScreen() throws IOException {
    type(1, "clear\r");
    type(2, "exit\r");

    assertThat(everythingShown()).contains("\u001b[H\u001b[J");
  }

  @Test
  void leavesOnCtrlD() throws IOException {
    type(1, "\r");
    type(2, CTRL_D);

    assertThat(everythingShown()).contains(PROMPT);
  }

  /** Types when that prompt stands there. */
  private void type(int prompt, String text) throws IOException {
    await().until(() -> shown.toString(UTF_8).split(PROMPT, -1).length > prompt);
    keys.write(text.getBytes(UTF_8));
    keys.flush();
  }

  private String everythingShown() {
    assertThat(console).succeedsWithin(Duration.ofMinutes(1));
    return shown.toString(UTF_8);
  }

  private Console console() {
    var screen = Screens.of(terminal);
    var help = new Help(AllVerbs.described());
    var beans =
        Map.of(
            HelpVerb.class, new HelpVerb(help, screen),
            ClearVerb.class, new ClearVerb(() -> Optional.of(terminal)));
    var verbs = Verbs.of(List.copyOf(beans.keySet()), beans::get);
    var failures = new Failures(screen, "the.log");
    return new Console(
        new Session(verbs, screen, failures),
        LineReaderBuilder.builder().terminal(terminal).build(),
        new Prompt(Optional::empty, screen),
        () -> {
          var taken = List.copyOf(news);
          news.clear();
          return taken;
        });
  }
}
