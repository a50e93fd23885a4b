package io.undercurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.process.JavaCommand;
import io.undercurrent.testing.process.PseudoTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The console as an operator has it: a process, a pseudo-terminal, keys. */
@PostgresTest
@EnabledOnOs(OS.LINUX)
class ConsoleProcessTests {

  private static final int ROWS = 500;
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final String CTRL_C = "\u0003";
  private static final String TAB = "\t";

  @TempDir private Path home;
  private Database database;
  private PseudoTerminal terminal;

  @BeforeEach
  void open(Database database) throws IOException {
    this.database = database;
    database
        .jdbc()
        .sql("CREATE TABLE halls (id int PRIMARY KEY, n int NOT NULL DEFAULT 0)")
        .update();
    database
        .jdbc()
        .sql("INSERT INTO halls (id) SELECT generate_series(1, :rows)")
        .param("rows", ROWS)
        .update();
    Files.writeString(
        home.resolve("count_halls.yaml"),
        """
        updates:
          - name: count_halls
            read: {table: halls, key: [id]}
            write: |
              UPDATE halls SET n = n + 1
                FROM chunk, LATERAL (SELECT pg_sleep(0.005 + 0 * chunk.id)) AS slowly
               WHERE halls.id = chunk.id
        """);
  }

  private List<String> console() {
    return JavaCommand.undercurrent(
        home,
        database,
        List.of(),
        "--undercurrent.background-updates.sleep-duration=50ms",
        "--undercurrent.background-updates.default-batch-size=10",
        "--undercurrent.background-updates.min-batch-size=10");
  }

  @AfterEach
  void close() throws IOException {
    terminal.close();
  }

  @Test
  void showsItsPromptWhereTheTerminalTellsNoSize() throws Exception {
    terminal = PseudoTerminal.start(console(), new Size(0, 0));

    awaitScreen("undercurrent master > ");
  }

  @Test
  void putsNothingOnTheLineThatNobodyTyped() throws Exception {
    terminal = PseudoTerminal.start(console());
    awaitScreen("undercurrent master > ");

    terminal.type(TAB);
    awaitScreen("undercurrent master > chart +health [a-z ]+quit databases +jobs ");
    terminal.type(TAB + TAB + TAB + "\u001b[200~version\nqueue\u001b[201~\r");

    awaitScreen(
        "> version +> queue +undercurrent .* master > queue +The queue of master is empty\\.");
    terminal.type("jobs\rquit\r");
    assertThat(terminal.process().waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(terminal.screen()).contains("> jobs JOB", "count_halls");
  }

  @Test
  void leadsThroughAJobByKeys() throws Exception {
    terminal = PseudoTerminal.start(console());
    awaitScreen("undercurrent master > ");

    terminal.type("star" + TAB + "cou" + TAB + "\r");
    awaitScreen("> start count_halls Queued on master: count_halls count_halls runs, .* later\\.");

    terminal.type("puase\r");
    awaitScreen("Unknown verb 'puase', did you mean 'pause'\\?");

    Rows.await(database, "SELECT 1 FROM halls WHERE n > 0");
    terminal.type("pause\r");
    awaitScreen(
        "> pause Paused all updates on master: count_halls stopped .* later, after key \\d+\\.");
    var counted = counted();
    assertThat(counted).isLessThan(ROWS);
    assertThat(terminal.screen()).contains(", after key " + counted + ".");

    terminal.type("why\r");
    awaitScreen("> why master does not move\\. .*paused by .* Lift it with: resume");

    terminal.type("watch\r");
    awaitScreen("count_halls .* p pause +r resume +q quit");
    assertThat(terminal.raw()).contains("\u001b[33mpaused");
    terminal.type("r");
    awaitScreen("master +running .* Resumed all updates on master. count_halls runs, ");
    terminal.type("p");
    awaitScreen("master +paused .* Paused all updates on master: count_halls stopped ");
    terminal.type("q");
    awaitScreen("> watch undercurrent master .* > ");
    assertThat(counted()).isGreaterThan(counted);

    terminal.type("resume\r");
    awaitScreen("> resume Resumed all updates on master. count_halls runs, .* later\\.");
    Rows.awaitNone(database, "SELECT 1 FROM undercurrent.background_updates");
    awaitScreen(
        "count_halls: completed, 500 items, 500 rows changed in [^>]* undercurrent master > *$");
    assertThat(timesCounted()).containsExactly(1);

    terminal.type("help star");
    awaitScreen("> help star");
    terminal.type(CTRL_C);
    awaitScreen("> help star undercurrent master [^>]*> *$");
    terminal.type("help exit-codes\r");
    awaitScreen("> help exit-codes Exit codes of verbs on the command line");
    assertThat(terminal.screen()).doesNotContain("start JOB");

    terminal.type("quit\r");
    assertThat(terminal.process().waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(terminal.process().exitValue()).isZero();
    assertThat(terminal.isAsBefore()).isTrue();
  }

  private void awaitScreen(String pattern) {
    await()
        .atMost(LONGEST)
        .untilAsserted(() -> assertThat(terminal.screen()).containsPattern(pattern));
  }

  private long counted() {
    return database.jdbc().sql("SELECT count(*) FROM halls WHERE n > 0").query(Long.class).single();
  }

  private List<Integer> timesCounted() {
    return database.jdbc().sql("SELECT DISTINCT n FROM halls").query(Integer.class).list();
  }
}
