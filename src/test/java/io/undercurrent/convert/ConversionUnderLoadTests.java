package io.undercurrent.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.ShippedKinds;
import io.undercurrent.database.Database;
import io.undercurrent.shell.verb.TestShell;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that writes the table all the while notices nothing of its conversion. */
@PostgresTest
class ConversionUnderLoadTests {

  private static final int ROUNDS = Integer.getInteger("faults.conversions", 20);

  private final Random random = new Random(Long.getLong("faults.seed", System.nanoTime()));
  private Database database;
  private TestShell shell;
  private Path jobs;
  private Clients clients;

  @BeforeEach
  void open(Database database, @TempDir Path jobs) throws Exception {
    this.database = database;
    this.jobs = jobs;
    this.shell = new TestShell(ShippedKinds.all(), database, jobs);
    Clients.createTable(database);
    clients = new Clients(database, 3);
  }

  @AfterEach
  void close() throws Exception {
    clients.close();
    shell.close();
  }

  @Test
  void keepsBothColumnsEqualAndTheApplicationFree() throws Exception {
    start("bigint");
    shell.startRunner();

    assertThat(lookUntilItIsReady()).isPositive();
    assertThat(clients.errors).isEmpty();

    swap();
    assertThatOnlyPlansWereRefused();
    assertThat(Rows.of(database, "SELECT id FROM builds WHERE id IS DISTINCT FROM copy")).isEmpty();
    assertThat(type()).containsExactly("bigint");
  }

  @Test
  @Tag("faults")
  void isConvertedToAndFroAndAbandonedInBetween() throws Exception {
    shell.startRunner();
    for (var round = 0; round < ROUNDS; round++) {
      var before = Catalogue.of(database);
      var to = type().contains("bigint") ? "integer" : "bigint";
      clients.errors.clear();
      start(to);
      if (round % 2 == 0) {
        Thread.sleep(random.nextInt(3_000));
        assertThat(shell.perform("cancel convert --now --yes")).as(shell.err()).isZero();
        assertThat(Catalogue.of(database)).isEqualTo(before);
        assertThat(clients.errors).isEmpty();
      } else {
        lookUntilItIsReady();
        assertThat(clients.errors).isEmpty();
        swap();
        assertThatOnlyPlansWereRefused();
        assertThat(type()).containsExactly(to);
      }
      assertThat(Rows.of(database, "SELECT id FROM builds WHERE id IS DISTINCT FROM copy"))
          .isEmpty();
    }
  }

  private void start(String to) throws IOException {
    Files.writeString(
        jobs.resolve("convert.yaml"),
        """
        updates:
          - name: convert
            convert-column: {table: builds, column: id, to: %s}
            batch: {first: 20, min: 20, max: 100}
        """
            .formatted(to));
    assertThat(shell.perform("start convert")).as(shell.out() + shell.err()).isZero();
  }

  private int lookUntilItIsReady() {
    var looks = 0;
    while (Rows.of(database, "SELECT 1 FROM undercurrent.runs WHERE waits_for IS NOT NULL")
        .isEmpty()) {
      assertThat(
              Rows.of(
                  database,
                  "SELECT last_error FROM undercurrent.runs WHERE given_up_at IS NOT NULL"))
          .isEmpty();
      looks += look();
    }
    return looks;
  }

  /** Rows that no chunk has reached yet may have no value, and all others have the same. */
  private int look() {
    if (Rows.of(
            database,
            "SELECT 1 FROM pg_attribute WHERE attrelid = CAST('builds' AS regclass) AND attname = 'undercurrent_new_id'")
        .isEmpty()) {
      return 0;
    }
    var wrong =
        Rows.of(
            database,
            """
            WITH run AS (
              SELECT CAST(CAST(short_context AS jsonb) ->> 'undercurrent.position' AS jsonb) ->> 0
                       AS position
                FROM undercurrent.batch_step_execution_context
               ORDER BY step_execution_id DESC
               LIMIT 1
            )
            SELECT format('%s %s after %s', id, undercurrent_new_id, position)
              FROM builds LEFT JOIN run ON true
             WHERE undercurrent_new_id IS DISTINCT FROM id
               AND (undercurrent_new_id IS NOT NULL OR id <= CAST(position AS int))""");
    assertThat(wrong).isEmpty();
    return 1;
  }

  private void swap() throws Exception {
    assertThat(shell.perform("swap convert --yes")).as(shell.err()).isZero();
    shell.awaitEmptyQueue();
    var done = clients.transactions.get();
    Engine.await().until(() -> clients.transactions.get() > done + 100);
  }

  /** In a transaction, where the driver may not try it again by itself. */
  private void assertThatOnlyPlansWereRefused() {
    assertThat(clients.errors)
        .allMatch(
            error ->
                error.startsWith("client-0 ")
                    && error.contains("cached plan must not change result type"));
  }

  private List<String> type() {
    return Rows.of(
        database,
        "SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = CAST('builds' AS regclass) AND attname = 'id'");
  }
}
