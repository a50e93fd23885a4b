package io.undercurrent.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.ShippedKinds;
import io.undercurrent.database.Database;
import io.undercurrent.shell.verb.TestShell;
import io.undercurrent.testing.OldSnapshot;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A column with all that can hang on one gets another type. */
@PostgresTest
class ConvertColumnTests {

  private static final String WAITING =
      "SELECT 1 FROM undercurrent.runs WHERE waits_for = 'swap convert'";

  private static final String BUILDING =
      "SELECT 1 FROM pg_stat_progress_create_index WHERE phase LIKE 'waiting%'";

  private Database database;
  private Path jobs;
  private TestShell shell;

  @BeforeEach
  void open(Database database, @TempDir Path jobs) {
    this.database = database;
    this.jobs = jobs;
    this.shell = new TestShell(ShippedKinds.all(), database, jobs);
    Rows.run(
        database,
        "CREATE TABLE builds (id serial PRIMARY KEY, state text NOT NULL DEFAULT 'new', parent int REFERENCES builds)",
        "CREATE TABLE steps (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, build_id int NOT NULL REFERENCES builds ON DELETE CASCADE DEFERRABLE)",
        "INSERT INTO builds (state, parent) SELECT 'done', CASE WHEN i > 1 THEN i - 1 END FROM generate_series(1, 300) AS i",
        "INSERT INTO steps (build_id) SELECT id FROM builds",
        "ANALYZE");
  }

  @AfterEach
  void close() {
    shell.close();
  }

  @Test
  void carriesOverAllThatHangsOnTheColumn() throws Exception {
    Rows.run(
        database,
        "CREATE INDEX builds_state ON builds (state, id DESC) INCLUDE (parent) WITH (fillfactor = 70) WHERE id > 10",
        "CREATE INDEX builds_half ON builds ((id / 2))",
        "ALTER TABLE builds ADD CONSTRAINT positive CHECK (id > 0), ADD CONSTRAINT pair UNIQUE (id, state)",
        "ALTER TABLE builds ADD CONSTRAINT small CHECK (id < 1000000) NOT VALID",
        "ALTER TABLE builds CLUSTER ON builds_half",
        "ALTER TABLE builds REPLICA IDENTITY USING INDEX builds_pkey",
        "ALTER TABLE builds ALTER id SET STATISTICS 200, ALTER id SET (n_distinct = -1)",
        "COMMENT ON COLUMN builds.id IS 'it''s \\ the number'",
        "COMMENT ON INDEX builds_half IS 'half'",
        "COMMENT ON CONSTRAINT positive ON builds IS 'above 0'",
        "GRANT SELECT (id), UPDATE (id) ON builds TO PUBLIC");
    var before = Catalogue.of(database);

    convert("{table: builds, column: id, to: bigint}");
    swap();

    assertThat(Catalogue.of(database))
        .containsExactlyInAnyOrderElementsOf(
            before.stream()
                .map(line -> line.replace("column builds.id integer", "column builds.id bigint"))
                .map(
                    line ->
                        line.startsWith("sequence builds_id_seq")
                            ? line.replace("integer", "bigint")
                                .replace("2147483647", "9223372036854775807")
                            : line)
                .toList());
    Rows.run(database, "INSERT INTO builds DEFAULT VALUES");
    assertThat(Rows.of(database, "SELECT max(id) FROM builds")).containsExactly("301");
  }

  @Test
  void carriesOverAnIdentity() throws Exception {
    var before = Catalogue.of(database);

    convert("{table: steps, column: id, to: bigint}");
    swap();

    assertThat(Catalogue.of(database))
        .containsExactlyInAnyOrderElementsOf(
            before.stream()
                .map(line -> line.replace("column steps.id integer", "column steps.id bigint"))
                .map(
                    line ->
                        line.startsWith("sequence steps_id_seq")
                            ? line.replace("integer", "bigint")
                                .replace("2147483647", "9223372036854775807")
                            : line)
                .toList());
    Rows.run(database, "INSERT INTO steps (build_id) VALUES (1)");
    assertThat(Rows.of(database, "SELECT max(id) FROM steps")).containsExactly("301");
  }

  @Test
  void convertsAColumnThatRefersToAnother() throws Exception {
    var before = Catalogue.of(database);

    convert("{table: steps, column: build_id, to: bigint, swap: auto}");
    shell.awaitEmptyQueue();

    assertThat(Catalogue.of(database))
        .containsExactlyInAnyOrderElementsOf(
            before.stream()
                .map(line -> line.replace("steps.build_id integer", "steps.build_id bigint"))
                .toList());
    Rows.run(database, "DELETE FROM builds WHERE id = 300");
    assertThat(Rows.of(database, "SELECT count(*) FROM steps")).containsExactly("299");
  }

  @Test
  void letsVacuumEndAtTheOtherTableBeforeItLocksItsOwn() throws Exception {
    convert("{table: steps, column: build_id, to: bigint}");
    awaitReady();
    for (var verb : List.of("swap", "cancel")) {
      try (var vacuum = database.connect("a vacuum")) {
        vacuum.setAutoCommit(false);
        vacuum.createStatement().execute("LOCK TABLE builds IN SHARE UPDATE EXCLUSIVE MODE");
        var changing = CompletableFuture.supplyAsync(() -> shell.perform(verb + " convert --yes"));
        Rows.await(
            database,
            "SELECT 1 FROM pg_locks WHERE mode = 'ShareUpdateExclusiveLock' AND NOT granted");
        vacuum.rollback();

        assertThat(changing.get()).as(shell.err()).isZero();
      }
      if (verb.equals("swap")) {
        shell.awaitEmptyQueue();
        convert("{table: steps, column: build_id, to: int}");
        awaitReady();
      }
    }
  }

  @Test
  void hasNothingToDoWhereTheColumnHasItsType() throws Exception {
    convert("{table: builds, column: id, to: int4}");
    shell.awaitEmptyQueue();

    assertThat(Rows.of(database, "SELECT outcome FROM undercurrent.runs"))
        .containsExactly("COMPLETED");
    assertThat(shell.perform("check convert")).isZero();
    assertThat(shell.out() + shell.err()).contains("is int4 already, so there is nothing to do");
  }

  @Test
  void convertsWithAnExpression() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE \"Odd ones\" (a int, \"B\" int, note varchar(9), PRIMARY KEY (a, \"B\"))");
    Rows.run(
        database,
        "INSERT INTO \"Odd ones\" SELECT i, -i, 'v' || i FROM generate_series(1, 250) AS i");

    convert(
        "{table: '\"Odd ones\"', column: note, to: 'numeric(9,2)', using: \"substr(note, 2)::int + a / 3.0\", swap: auto}");

    shell.awaitEmptyQueue();
    assertThat(Rows.of(database, "SELECT DISTINCT note = round(a + a / 3.0, 2) FROM \"Odd ones\""))
        .containsExactly("t");
  }

  @Test
  void leavesNothingWhenItIsCancelled() throws Exception {
    var before = Catalogue.of(database);
    convert("{table: builds, column: id, to: bigint}");
    awaitReady();
    assertThat(Catalogue.of(database)).isNotEqualTo(before);

    assertThat(shell.perform("cancel convert --yes")).isZero();

    assertThat(shell.out()).contains("The new column of 'id' in builds is gone");
    assertThat(Catalogue.of(database)).isEqualTo(before);
  }

  @Test
  void leavesNothingOnATableThatWasRenamed() throws Exception {
    convert("{table: builds, column: id, to: bigint}");
    awaitReady();
    Rows.run(database, "CREATE SCHEMA \"Attic\"", "ALTER TABLE builds SET SCHEMA \"Attic\"");
    Rows.run(database, "ALTER TABLE \"Attic\".builds RENAME TO \"Old\"");

    assertThat(shell.perform("cancel convert --yes")).isZero();

    assertThat(shell.out()).contains("The new column of 'id' in \"Attic\".\"Old\" is gone");
    assertThat(
            Rows.of(
                database,
                "SELECT proname FROM pg_proc WHERE proname LIKE '%undercurrent_convert%' UNION ALL SELECT attname FROM pg_attribute WHERE attname LIKE 'undercurrent_new%' UNION ALL SELECT conname FROM pg_constraint WHERE conname LIKE 'undercurrent_new%'"))
        .isEmpty();
  }

  @Test
  void leavesNothingWhenItIsCancelledWhileItBuildsAnIndex() throws Exception {
    var before = Catalogue.of(database);
    try (var report = OldSnapshot.hold(database)) {
      convert("{table: builds, column: id, to: bigint}");
      Rows.await(database, BUILDING);
      assertThat(shell.perform("cancel convert --yes")).isNotZero();
      assertThat(shell.err()).contains("cancel convert --now");

      assertThat(shell.perform("cancel convert --now --yes")).as(shell.err()).isZero();

      assertThat(Catalogue.of(database)).isEqualTo(before);
    }
  }

  @Test
  void goesOnAfterAStopWhileItBuildsAnIndex() throws Exception {
    try (var report = OldSnapshot.hold(database)) {
      convert("{table: builds, column: id, to: bigint, swap: auto}");
      Rows.await(database, BUILDING);
      shell.close();
    }
    assertThat(Rows.of(database, "SELECT failures_in_row FROM undercurrent.runs"))
        .containsExactly("0");

    shell = new TestShell(ShippedKinds.all(), database, jobs);
    shell.startRunner();
    shell.awaitEmptyQueue();

    assertThat(Rows.of(database, "SELECT indexrelid FROM pg_index WHERE NOT indisvalid")).isEmpty();
    assertThat(Rows.of(database, "SELECT outcome FROM undercurrent.runs"))
        .containsExactly("COMPLETED");
  }

  @Test
  void beginsAnewWhereARunWasDeletedBySql() throws Exception {
    convert("{table: builds, column: id, to: bigint}");
    awaitReady();
    Rows.run(
        database,
        "DELETE FROM undercurrent.background_updates",
        "ALTER TABLE builds DISABLE TRIGGER ALL",
        "ALTER TABLE builds DROP CONSTRAINT undercurrent_equal_id",
        "ALTER TABLE builds ALTER undercurrent_new_id DROP NOT NULL",
        "INSERT INTO builds (id) VALUES (-1)",
        "ALTER TABLE builds ENABLE TRIGGER ALL");

    assertThat(shell.perform("start convert")).as(shell.err()).isZero();
    swap();

    assertThat(Rows.of(database, "SELECT id FROM builds WHERE state = 'new'"))
        .containsExactly("-1");
  }

  @Test
  void makesWhatWasAddedWhileItWaited() throws Exception {
    convert("{table: builds, column: id, to: bigint}");
    awaitReady();
    Rows.run(database, "CREATE INDEX builds_later ON builds (id, state)");

    assertThat(shell.perform("swap convert --yes")).isNotZero();
    assertThat(shell.err()).contains("undercurrent_new_builds_later is missing", "retry");
    Rows.run(database, "CREATE VIEW late AS SELECT id FROM builds");
    assertThat(shell.perform("swap convert --yes")).isNotZero();
    assertThat(shell.err()).contains("found rule _RETURN on view late");
    Rows.run(database, "DROP VIEW late");
    assertThat(shell.perform("retry convert")).isZero();
    Rows.await(database, "SELECT 1 FROM pg_class WHERE relname = 'undercurrent_new_builds_later'");
    swap();

    assertThat(Rows.of(database, "SELECT pg_get_indexdef(CAST('builds_later' AS regclass))"))
        .containsExactly("CREATE INDEX builds_later ON public.builds USING btree (id, state)");
  }

  @Test
  void stopsAtAValueThatDoesNotConvertAndSparesTheApplication() throws Exception {
    Rows.run(
        database, "UPDATE builds SET state = id", "UPDATE builds SET state = 'odd' WHERE id = 250");
    Rows.run(database, "ALTER TABLE builds ALTER state DROP DEFAULT");
    var before = Catalogue.of(database);
    convert("{table: builds, column: state, to: smallint, using: \"state::int\"}");
    Rows.await(database, "SELECT 1 FROM undercurrent.runs WHERE given_up_at IS NOT NULL");
    assertThat(Rows.of(database, "SELECT last_error FROM undercurrent.runs"))
        .singleElement()
        .asString()
        .contains("at the key [250]", "\"odd\"");

    Rows.run(
        database,
        "UPDATE builds SET parent = 1 WHERE id = 250",
        "INSERT INTO builds (state) VALUES ('odder')");
    Rows.run(database, "UPDATE builds SET state = '250' WHERE id = 250");
    shell.perform("retry convert");
    Rows.await(database, "SELECT 1 FROM undercurrent.runs WHERE last_error LIKE '%odder%'");

    assertThat(shell.perform("cancel convert --yes")).isZero();
    assertThat(Catalogue.of(database)).isEqualTo(before);
  }

  @Test
  void takesTheLockSoonOrNotAtAll() throws Exception {
    write("{table: builds, column: id, to: bigint}");
    assertThat(shell.perform("run")).isEqualTo(1);
    assertThat(shell.err())
        .endsWith("convert: waits for: swap convert. All that takes long is done\n");
    try (var reader = database.connect("a reader")) {
      reader.setAutoCommit(false);
      reader.createStatement().execute("SELECT 1 FROM builds");
      var swapping = CompletableFuture.supplyAsync(() -> shell.perform("swap convert --yes"));
      Rows.await(
          database, "SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted");
      // Who comes later waits for no longer than the try.
      Rows.run(database, "UPDATE builds SET state = 'on' WHERE id = 1");
      assertThat(swapping).isNotDone();
      reader.rollback();

      assertThat(swapping.get()).as(shell.err()).isZero();
    }
    assertThat(shell.perform("run")).isZero();
    assertThat(shell.err()).contains("convert: completed");
  }

  @Test
  void saysWhatItWaitsForAndLetsOthersGoOn() throws Exception {
    Files.writeString(jobs.resolve("other.yaml"), "updates: [{name: other, run: SELECT 1}]");
    convert("{table: builds, column: id, to: bigint}");
    awaitReady();

    shell.perform("start other");
    Rows.await(
        database,
        "SELECT 1 FROM undercurrent.runs WHERE update_name = 'other' AND outcome = 'COMPLETED'");

    for (var verb : List.of("status", "why", "why convert", "queue --json")) {
      shell.perform(verb);
      assertThat(shell.out()).as(verb).contains("waits for: swap convert");
    }
    assertThat(shell.perform("swap convert")).isNotZero();
    assertThat(shell.err()).contains("This drops the old column", "--yes");
    assertThat(Rows.of(database, WAITING)).hasSize(1);
    swap();
    shell.perform("history --actions");
    assertThat(shell.out()).contains("swap convert", "ready to column id of builds is");
    assertThat(shell.perform("swap convert --yes")).isNotZero();
    assertThat(shell.err()).contains("'convert' is not queued");
  }

  private void convert(String work) throws IOException {
    write(work);
    shell.startRunner();
  }

  private void write(String work) throws IOException {
    Files.writeString(
        jobs.resolve("convert.yaml"),
        "updates:\n  - name: convert\n    convert-column: " + work + "\n");
    assertThat(shell.perform("start convert")).as(shell.err()).isZero();
  }

  private void awaitReady() {
    Rows.await(
        database,
        "SELECT 1 FROM undercurrent.runs WHERE coalesce(waits_for, CAST(given_up_at AS text)) IS NOT NULL");
    assertThat(
            Rows.of(
                database, "SELECT last_error FROM undercurrent.runs WHERE given_up_at IS NOT NULL"))
        .isEmpty();
  }

  private void swap() throws Exception {
    awaitReady();
    assertThat(shell.perform("swap convert --yes")).as(shell.err()).isZero();
    shell.awaitEmptyQueue();
  }
}
