package io.undercurrent.shell.verb;

import static io.undercurrent.testing.Engine.createTable;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.status.CutRun;
import io.undercurrent.status.CutRun.Part;
import io.undercurrent.testing.PostgresTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What an operator sees of a run in several lanes, in 80 columns. */
@PostgresTest
class LanesShownTests {

  private TestShell shell;
  private CutRun run;

  @BeforeEach
  void begin(Database database, @TempDir Path jobs) throws IOException {
    createTable(database, "numbers", 10_000);
    Files.writeString(
        jobs.resolve("numbers.yaml"),
        """
        updates:
          - name: count_numbers
            read: {table: numbers, key: [id]}
            write: UPDATE numbers SET n = n + 1 FROM chunk WHERE numbers.id = chunk.id
            lanes: 3
        """);
    run = CutRun.of(database, "count_numbers").whole(400, "400").manager(0);
    shell = new TestShell(database, jobs);
  }

  @AfterEach
  void close() {
    shell.close();
  }

  private void cutInto(int slices) {
    for (int i = 1; i <= slices; i++) {
      var end = String.valueOf(400 + 600 * i);
      if (i <= 4) {
        run.slice(i, "COMPLETED", new Part(600, 600, 100, end, end));
      } else if (i <= 7) {
        run.slice(i, "STARTED", new Part(300, 600, 50 * i, String.valueOf(100 + 600 * i), end));
      } else {
        run.slice(i, "STARTING", new Part(0, 600, 100, String.valueOf(600 * i - 200), end));
      }
    }
  }

  @Test
  void saysHowManyLanesAreAtWorkOnHowManySlices() {
    cutInto(16);

    shell.perform("status");

    assertThat(shell.out())
        .containsPattern("lanes +3\n")
        .containsPattern("slices +4 of 16 done, 3 at work, 9 waiting\n")
        .containsPattern("last iteration +250 ms to 350 ms\n")
        .containsPattern("sleep +250 ms to 350 ms before each on average\n");
    shell.perform("watch --for 1ms");
    assertThat(shell.out()).contains("3 lanes, 4 of 16 slices done");
    assertThat(shell.out().lines()).allMatch(line -> line.length() <= 200);
  }

  @Test
  void showsTheSlicesUnderWayAndSumsTheOthersUp() {
    cutInto(16);

    shell.perform("show count_numbers");

    assertThat(shell.out())
        .endsWith(
            """

            SLICE  STATE    DONE     PACE  AFTER  AT    UP TO
                5  at work  50 %  0.40/ms  2800   3100  3400
                6  at work  50 %  0.33/ms  3400   3700  4000
                7  at work  50 %  0.29/ms  4000   4300  4600
            The others: 9 waiting, 4 done
            """)
        .containsPattern("lanes +3\n")
        .doesNotContainPattern("(?m)^position");
    assertThat(shell.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void showsAllSlicesWhereTheyAreFew() {
    cutInto(8);

    shell.perform("show count_numbers");

    assertThat(shell.out())
        .containsPattern("1  done +100 % +1.0/ms +400 +1000\n")
        .containsPattern("8  waiting +0 % +4600 +5200\n")
        .doesNotContain("The others");
  }

  @Test
  void hasTheSlicesInJson() {
    cutInto(6);

    shell.perform("show count_numbers --json");

    var detail = JsonMapper.shared().readTree(shell.out());
    assertThat(detail.path("lanes_wanted").intValue()).isEqualTo(3);
    assertThat(detail.path("lanes")).hasSize(2);
    assertThat(detail.path("position").isNull()).isTrue();
    assertThat(detail.path("slices")).hasSize(6);
    assertThat(detail.path("slices").path(4).toString())
        .isEqualTo(
            "{\"slice\":5,\"state\":\"at-work\",\"walked\":300,\"percent\":50.0,\"items_per_ms\":0.4,"
                + "\"after\":{\"id\":\"2800\"},\"position\":{\"id\":\"3100\"},\"end\":{\"id\":\"3400\"}}");
  }
}
