package io.undercurrent.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.OtherSession;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators do about rows on which an update has failed. */
@PostgresTest
class QuarantineVerbTests {

  private static final String BAD =
      "ALTER TABLE halls ADD CONSTRAINT bad CHECK (id % 100 > 0 OR n <> 1)";
  private static final String MEND = "ALTER TABLE halls DROP CONSTRAINT bad";

  private Database database;
  private Path jobs;
  private TestShell shell;

  @BeforeEach
  void open(Database database, @TempDir Path jobs) throws IOException {
    this.database = database;
    this.jobs = jobs;
    Rows.run(
        database,
        "CREATE TABLE halls (id int PRIMARY KEY, n int NOT NULL DEFAULT 0)",
        "INSERT INTO halls SELECT generate_series(1, 350)",
        BAD);
    define("n = n + 1");
    this.shell = new TestShell(database, jobs);
  }

  private void define(String set) throws IOException {
    Files.writeString(
        jobs.resolve("count.yaml"),
        """
        updates:
          - name: count
            read: {table: halls, key: [id]}
            write: UPDATE halls SET %s FROM chunk WHERE halls.id = chunk.id
            on-error: {quarantine: {rows: 10}}
        """
            .formatted(set));
  }

  @AfterEach
  void close() {
    shell.close();
  }

  @Test
  void leavesAnExitCodeOfItsOwn() {
    assertThat(perform("start count", "run")).isEqualTo(4);

    assertThat(shell.err())
        .containsPattern(
            "count: completed with quarantine, 347 matching of 350 keys walked, 347 rows changed, 3 in quarantine in ")
        .contains(
            "Warning: 3 rows were put into quarantine. See what is left there with: quarantine count")
        .endsWith(
            "Completed but for rows in quarantine: count. See them with: quarantine UPDATE. Once the cause is fixed: quarantine replay UPDATE\n");
  }

  @Test
  void isSaidOfARunWhereverItIsShown() {
    perform("start count", "run");

    perform("history");
    assertThat(shell.out()).contains("QUARANTINE").containsPattern("347 of 350 +3 ");
    perform("history count");
    assertThat(shell.out())
        .contains("COMPLETED, exit code COMPLETED WITH QUARANTINE")
        .contains("3 rows; see them with: quarantine count");
    perform("history --json");
    assertThat(shell.out())
        .contains("\"exit_code\" : \"COMPLETED WITH QUARANTINE\"")
        .contains("\"quarantined\" : 3");
    perform("show count");
    assertThat(shell.out())
        .contains("COMPLETED WITH QUARANTINE")
        .contains("quarantine, at most 10 rows")
        .contains("3 rows; see them with: quarantine count");
    perform("why count");
    assertThat(shell.out().replaceAll("\\s+", " "))
        .contains("3 rows were put into quarantine. See what is left there");
    assertThat(
            Rows.of(database, "SELECT status || quarantine_count FROM undercurrent.update_history"))
        .containsExactly("COMPLETED3");
  }

  @Test
  void isSaidOfAnUpdateThatHasNotEnded() throws IOException {
    allow(2);
    assertThat(perform("start count", "run")).isOne();

    perform("status");
    assertThat(shell.out()).contains("2 rows; see them with: quarantine count");
    perform("queue");
    assertThat(shell.out()).containsPattern("QUARANTINE\n.* 2\n");
    perform("why");
    assertThat(shell.out()).contains("In quarantine: 2 rows; see them with: quarantine count");
    perform("watch --for 1ms");
    assertThat(shell.out()).contains(", 2 in quarantine");
    for (var verb : List.of("status", "queue", "show count")) {
      perform(verb + " --json");
      assertThat(shell.out()).as(verb).contains("\"quarantined\" : 2");
    }
  }

  private void allow(int rows) throws IOException {
    var file = jobs.resolve("count.yaml");
    Files.writeString(file, Files.readString(file).replace("rows: 10", "rows: " + rows));
  }

  @Test
  void listsWhatFailedLast() {
    perform("start count", "run");

    perform("quarantine count --limit 2");

    assertThat(shell.out())
        .containsPattern("(?m)^KEY \\(id\\) +SQLSTATE +MESSAGE +RUN +TRIED \\(UTC\\)$")
        .containsPattern("(?m)^300 +23514 +new row for relation")
        .containsPattern("(?m)^200 ")
        .doesNotContain("at the key", "SQLSTATE 23514")
        .doesNotContainPattern("(?m)^100 ");
    assertThat(shell.err()).isEqualTo("The newest 2 of 3; --limit 3 shows all.\n");
  }

  @Test
  void saysWhereThereIsNothing() {
    assertThat(perform("quarantine")).isZero();
    assertThat(shell.err()).isEqualTo("No row is in quarantine on master.\n");
    assertThat(perform("quarantine cuont")).isOne();
    assertThat(shell.err()).contains("did you mean 'count'?");
    assertThat(perform("quarantine replay count")).isZero();
    assertThat(shell.err()).isEqualTo("No row of count is in quarantine on master.\n");
  }

  @Test
  void triesAgainWithTheJobFileAsItIsNow() throws IOException {
    perform("start count", "run");
    define("n = n + 2");

    assertThat(perform("quarantine replay count")).isZero();

    assertThat(shell.out()).isEqualTo("count on master: 3 rows done.\n");
    assertThat(rows()).containsExactly("1: 347", "2: 3");
    assertThat(keys()).isEmpty();
    perform("history --actions");
    assertThat(shell.out()).contains("replay count", "3 in quarantine to 0 in quarantine");
  }

  @Test
  void keepsWhatFailsAgainWithItsNewError() throws IOException {
    perform("start count", "run");
    Rows.run(database, MEND, "ALTER TABLE halls ADD CONSTRAINT worse CHECK (id <> 200 OR n <> 1)");

    assertThat(perform("quarantine replay count")).isOne();

    assertThat(shell.out()).isEqualTo("count on master: 2 rows done, 1 failed again.\n");
    assertThat(shell.err())
        .isEqualTo("1 row stayed in quarantine. See why with: quarantine count\n");
    assertThat(Rows.of(database, "SELECT key || message FROM undercurrent.quarantine"))
        .singleElement()
        .asString()
        .startsWith("[\"200\"]")
        .contains("\"worse\"");
    assertThat(rows()).containsExactly("0: 1", "1: 349");
  }

  @Test
  void triesTheRowWithAKey() {
    perform("start count", "run");
    Rows.run(database, MEND);

    assertThat(perform("quarantine replay count --key 200")).isZero();

    assertThat(keys()).containsExactly("[\"100\"]", "[\"300\"]");
    assertThat(rows()).containsExactly("0: 2", "1: 348");
    assertThat(perform("quarantine replay count --key 201")).isOne();
    assertThat(shell.err()).startsWith("No row of 'count' with the key [201] of run 1 is in");
  }

  @Test
  void takesACompositeKeyAsJson() throws IOException {
    Rows.run(
        database,
        "CREATE TABLE members (room text, person int, n int DEFAULT 0, PRIMARY KEY (room, person))",
        "INSERT INTO members SELECT 'r' || i % 3, i FROM generate_series(1, 30) AS i",
        "ALTER TABLE members ADD CONSTRAINT bad CHECK (person NOT IN (7, 8) OR n = 0)");
    Files.writeString(
        jobs.resolve("members.yaml"),
        """
        updates:
          - name: members
            read: {table: members, key: [room, person], where: n = 0}
            write: UPDATE members SET n = 1 FROM chunk WHERE members.room = chunk.room AND members.person = chunk.person
            on-error: {quarantine: {share: 50 %}}
        """);
    perform("start members", "run", "quarantine members");
    assertThat(shell.out()).contains("KEY (room, person)", "[\"r1\",\"7\"]");
    Rows.run(database, "ALTER TABLE members DROP CONSTRAINT bad");

    assertThat(perform("quarantine replay members --key '[\"r1\", 7]'")).isZero();

    assertThat(keys()).containsExactly("[\"r2\", \"8\"]");
    assertThat(Rows.of(database, "SELECT person FROM members WHERE n = 0")).containsExactly("8");
    perform("quarantine members --json");
    assertThat(shell.out().replaceAll("\\s+", " "))
        .contains("\"key\" : { \"room\" : \"r2\", \"person\" : \"8\" }");
  }

  @Test
  void removesWhatIsGone() {
    perform("start count", "run");
    Rows.run(database, MEND, "DELETE FROM halls WHERE id IN (100, 300)");

    assertThat(perform("quarantine replay count")).isZero();

    assertThat(shell.out().replaceAll("\\s+", " "))
        .isEqualTo(
            "count on master: 1 row done, 2 removed that are gone or do not match any more: [100], [300]. ");
    assertThat(keys()).isEmpty();
  }

  @Test
  void leavesRowsToAnotherProcess() throws Exception {
    perform("start count", "run");
    Rows.run(database, MEND);
    try (var other = OtherSession.begin(database)) {
      other.run("SELECT FROM undercurrent.quarantine WHERE key = '[\"200\"]' FOR UPDATE");

      assertThat(perform("quarantine replay count")).isZero();

      assertThat(shell.out()).contains("2 rows done, 1 left to another process");
    }
    assertThat(keys()).containsExactly("[\"200\"]");
  }

  @Test
  void doesEachRowOnceWhereTwoTryThem() throws Exception {
    perform("start count", "run");
    Rows.run(
        database,
        MEND,
        "INSERT INTO undercurrent.quarantine (update_name, run, key, message) SELECT 'count', 1, jsonb_build_array(CAST(id AS text)), 'late' FROM halls ON CONFLICT DO NOTHING");
    try (var other = new TestShell(database, jobs)) {
      var others = CompletableFuture.supplyAsync(() -> other.perform("quarantine replay count"));

      assertThat(perform("quarantine replay count")).isZero();

      assertThat(others.get()).isZero();
    }
    assertThat(rows()).containsExactly("1: 3", "2: 347");
    assertThat(keys()).isEmpty();
  }

  @Test
  void emptiesTheQuarantineOfARunThatIsNotOver() throws IOException {
    allow(2);
    assertThat(perform("start count", "run")).isOne();
    assertThat(keys()).containsExactly("[\"100\"]", "[\"200\"]");
    Rows.run(database, MEND);

    assertThat(perform("quarantine replay count")).isZero();
    assertThat(perform("retry count", "run")).isZero();

    assertThat(rows()).containsExactly("1: 350");
    assertThat(Rows.of(database, "SELECT exit_code FROM undercurrent.update_history"))
        .containsExactly("COMPLETED");
  }

  @Test
  void asksForTheRunWhereALaterOneHasDoneTheSameKeys() {
    perform("start count", "run");
    Rows.run(database, MEND);
    perform("start count");
    assertThat(shell.err())
        .contains("Warning: 3 rows of 'count' are in quarantine. See them with: quarantine count");
    perform("run");
    assertThat(rows()).containsExactly("1: 3", "2: 347");

    assertThat(perform("quarantine replay count")).isOne();
    assertThat(shell.err())
        .isEqualTo(
            "expected rows of run 2 of 'count', its last one, found some of run 1. The last run does the same keys for itself; to try these rows once more: quarantine replay count --run 1\n");
    assertThat(perform("quarantine replay count --run 1")).isZero();
    assertThat(rows()).containsExactly("2: 350");
  }

  @Test
  void refusesWhatIsTheKeyOfAnotherTableNow() throws IOException {
    perform("start count", "run");
    Rows.run(database, "CREATE TABLE walls (id int PRIMARY KEY, n int)");
    var file = jobs.resolve("count.yaml");
    Files.writeString(file, Files.readString(file).replace("halls", "walls"));

    assertThat(perform("quarantine replay count")).isOne();

    assertThat(shell.err())
        .contains(
            "expected to read halls by id (number), as when run 1 put its rows aside, found walls by id (number). Put that back, or forget these rows with: quarantine drop count --run 1");
    assertThat(keys()).hasSize(3);
  }

  @Test
  void dropsWhatIsConfirmed() {
    perform("start count", "run");

    assertThat(perform("quarantine drop count")).isOne();
    assertThat(shell.err())
        .isEqualTo(
            "This forgets 3 rows of count in quarantine on master, unprocessed. If that is meant, add --confirm count.\n");
    assertThat(perform("quarantine drop count --confirm cuont")).isEqualTo(2);
    assertThat(keys()).hasSize(3);

    assertThat(perform("quarantine drop count --key 100 --confirm count")).isZero();
    assertThat(shell.out()).isEqualTo("Dropped 1 row of count from quarantine on master.\n");
    assertThat(keys()).containsExactly("[\"200\"]", "[\"300\"]");
  }

  @Test
  void keepsRowsOfACancelledRun() {
    perform("start count", "run", "pause", "start count");

    perform("cancel count --yes");

    assertThat(shell.out().replaceAll("\\s+", " "))
        .contains("3 rows of 'count' are in quarantine.");
    assertThat(keys()).hasSize(3);
  }

  /** The exit code of the last one. */
  private int perform(String... lines) {
    var code = 0;
    for (var line : lines) {
      code = shell.perform(line);
    }
    return code;
  }

  private List<@Nullable String> rows() {
    return Rows.of(database, "SELECT n || ': ' || count(*) FROM halls GROUP BY n ORDER BY n");
  }

  private List<@Nullable String> keys() {
    return Rows.of(database, "SELECT key FROM undercurrent.quarantine ORDER BY key");
  }
}
