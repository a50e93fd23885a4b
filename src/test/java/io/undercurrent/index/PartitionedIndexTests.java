package io.undercurrent.index;

import static io.undercurrent.page.Reading.jdbc;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.update;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.iteration.Beans;
import io.undercurrent.kind.UpdateCheck;
import io.undercurrent.sql.Sql;
import io.undercurrent.state.Reason;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.OldSnapshot;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.TestDatabases;
import io.undercurrent.time.TimeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indexes of a table with partitions on two levels; a lock of another session holds a build. */
@PostgresTest
class PartitionedIndexTests {

  private static final String LONG = "p".repeat(63);

  private Database database;

  @BeforeEach
  void createTables(Database database) {
    this.database = database;
    Rows.run(
        database,
        "CREATE SCHEMA app",
        "CREATE TABLE app.\"Events\" (day int, id int, mail text) PARTITION BY RANGE (day)",
        "CREATE TABLE app.first PARTITION OF app.\"Events\" FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE public.\"The 2nd\" PARTITION OF app.\"Events\" FOR VALUES FROM (10) TO (20)",
        "CREATE TABLE app.deep PARTITION OF app.\"Events\" FOR VALUES FROM (20) TO (30) PARTITION BY HASH (id)",
        "CREATE TABLE app.deep_0 PARTITION OF app.deep FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
        "CREATE TABLE app."
            + LONG
            + " PARTITION OF app.deep FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        "CREATE TABLE app.empty PARTITION OF app.\"Events\" DEFAULT PARTITION BY LIST (id)",
        "INSERT INTO app.\"Events\" SELECT n % 30, n, n || '@x' FROM generate_series(1, 300) AS n");
  }

  @Test
  void isBuiltOnEachPartitionAndAttached() throws Exception {
    run(index());

    assertThat(indexes())
        .containsExactly(
            "\"The 2nd_events_mail\" of events_mail",
            "deep_0_events_mail of deep_events_mail",
            "deep_events_mail of events_mail",
            "empty_events_mail of events_mail",
            "events_mail",
            "first_events_mail of events_mail",
            PartitionedIndex.name(LONG, "events_mail") + " of deep_events_mail");
    assertThat(
            Rows.of(
                database,
                """
                SELECT format('%s %s commits %s rollbacks', status, commit_count, rollback_count)
                  FROM undercurrent.batch_step_execution"""))
        .containsExactly("COMPLETED 1 commits 0 rollbacks");
  }

  @Test
  void takesWhatIsThereAlready() throws Exception {
    Rows.run(
        database,
        "CREATE INDEX mine ON app.first (lower(mail) COLLATE \"C\" DESC, id)",
        "CREATE INDEX other ON app.first (lower(mail), id)",
        "CREATE INDEX deep_mine ON app.deep (lower(mail) COLLATE \"C\" DESC, id)");
    var before = Rows.of(database, OIDS);

    run(index());

    assertThat(indexes())
        .hasSize(8)
        .contains("mine of events_mail", "deep_mine of events_mail", "other");
    assertThat(Rows.of(database, OIDS)).containsAll(before);
  }

  @Test
  void goesOnWhereACrashHasLeftIt() throws Exception {
    Rows.run(
        database,
        "CREATE INDEX first_events_mail ON app.first (lower(mail) COLLATE \"C\" DESC, id)",
        "CREATE INDEX \"The 2nd_events_mail\" ON \"The 2nd\" (lower(mail) COLLATE \"C\" DESC, id)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = '\"The 2nd_events_mail\"'::regclass",
        "CREATE INDEX events_mail ON ONLY app.\"Events\" (lower(mail) COLLATE \"C\" DESC, id)",
        "CREATE INDEX deep_events_mail ON ONLY app.deep (lower(mail) COLLATE \"C\" DESC, id)",
        "ALTER INDEX app.events_mail ATTACH PARTITION app.deep_events_mail");
    var built = Rows.of(database, "SELECT 'app.first_events_mail'::regclass::oid");

    run(index());

    assertThat(indexes()).hasSize(7);
    assertThat(Rows.of(database, "SELECT 'app.first_events_mail'::regclass::oid")).isEqualTo(built);
  }

  @Test
  void saysAtWhichPartitionItIsAndCoversThoseThatComeMeanwhile() throws Exception {
    try (var engine = engine(index()).queue("index")) {
      try (var holder = OldSnapshot.hold(database, "LOCK TABLE app.first IN SHARE MODE")) {
        engine.run();
        awaitBuildThatWaitsFor(holder);

        var build = engine.status().currentUpdates().get(0).indexBuild();
        assertThat(build.index()).isEqualTo("events_mail");
        assertThat(build.partition()).isEqualTo(3);
        assertThat(build.partitions()).isEqualTo(4);
        assertThat(Reason.of(engine.why("index")))
            .extracting(Reason::sentence)
            .singleElement()
            .asString()
            .startsWith("builds events_mail, which no pause cuts (partition 3 of 4: ");
        Rows.run(
            database,
            "CREATE TABLE app.new PARTITION OF app.\"Events\" FOR VALUES FROM (30) TO (40)",
            "DROP TABLE \"The 2nd\"");
      }
      engine.awaitEmptyQueue();
    }
    Rows.run(
        database, "CREATE TABLE app.late PARTITION OF app.\"Events\" FOR VALUES FROM (40) TO (50)");

    assertThat(indexes())
        .hasSize(8)
        .contains("new_events_mail of events_mail", "late_lower_id_idx of events_mail");
  }

  @Test
  void triesAgainForTheLockOfTheWholeTable() throws Exception {
    try (var engine = engine(index()).queue("index")) {
      try (var writer =
          OldSnapshot.hold(database, "LOCK TABLE ONLY app.\"Events\" IN ROW EXCLUSIVE MODE")) {
        engine.run();
        var waiting =
            "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name LIKE 'undercurrent ddl%'";
        var sessions = new HashSet<@Nullable String>();
        Engine.await()
            .until(
                () -> {
                  sessions.addAll(Rows.of(database, waiting));
                  return sessions.size() > 1;
                });

        assertThat(Rows.of(database, "SELECT 1 FROM pg_class WHERE relname = 'first_events_mail'"))
            .hasSize(1);
      }
      engine.awaitEmptyQueue();
    }

    assertThat(indexes()).hasSize(7);
  }

  @Test
  void findsDuplicatesInAPartition() throws Exception {
    Rows.run(
        database, "INSERT INTO app.\"Events\" (day, id) SELECT 1, 7 FROM generate_series(1, 3)");
    var unique = unique("day", "id");

    try (var engine = engine(unique).queue("index").steps()) {
      assertThat(engine.queue.list().get(0).lastError())
          .startsWith("could not create unique index \"first_events_mail\": Key ")
          .contains("Found: (1, 7) in 3 rows. Make them differ");
      Rows.run(database, "DELETE FROM app.\"Events\" WHERE day = 1 AND id = 7");
      engine.queue.forgetFailures("index", 1);
      engine.work();
    }

    assertThat(indexes()).hasSize(7);
  }

  @Test
  void leavesNothingWhenItIsCancelledInTheMiddle() throws Exception {
    Rows.run(database, "CREATE INDEX mine ON app.deep_0 (lower(mail) COLLATE \"C\" DESC, id)");
    try (var engine = engine(index()).queue("index");
        var holder = OldSnapshot.hold(database, "LOCK TABLE app.first IN SHARE MODE")) {
      engine.run();
      awaitBuildThatWaitsFor(holder);
      engine.queue.cancel("index");
      Rows.await(
          database, "SELECT 1 FROM undercurrent.batch_step_execution WHERE status = 'STOPPED'");
      holder.close();

      assertThat(cancelled())
          .isEqualTo(
              "What an earlier build of index 'events_mail' had left on partitions of app.\"Events\" has been dropped.");
    }

    assertThat(indexes()).containsExactly("mine");
    assertThat(cancelled()).isNull();
  }

  @Test
  void isDroppedWithItsPartitionsWhenItIsCancelledBeforeItIsValid() {
    Rows.run(
        database,
        "CREATE INDEX first_events_mail ON app.first (lower(mail) COLLATE \"C\" DESC, id)",
        "CREATE INDEX deep_events_mail ON app.deep (lower(mail) COLLATE \"C\" DESC, id)",
        "CREATE INDEX events_mail ON ONLY app.\"Events\" (lower(mail) COLLATE \"C\" DESC, id)",
        "ALTER INDEX app.events_mail ATTACH PARTITION app.first_events_mail");

    // PostgreSQL has named those below deep, so they may be somebody's.
    assertThat(cancelled())
        .startsWith("Index 'events_mail' is INVALID, and stays: ")
        .endsWith(
            "DROP INDEX IF EXISTS \"app\".\"events_mail\"; DROP INDEX IF EXISTS \"app\".\"deep_events_mail\"");
    assertThat(indexes()).hasSize(5);

    Rows.run(database, "DROP INDEX app.deep_events_mail");

    assertThat(cancelled()).contains("has been dropped");
    assertThat(indexes()).isEmpty();
  }

  @Test
  void runsTheDocumentedExample(@TempDir Path jobs) throws Exception {
    Rows.run(
        database,
        "CREATE TABLE members (id int, mail text, joined date) PARTITION BY RANGE (joined)",
        "CREATE TABLE members_now PARTITION OF members DEFAULT");
    var document = Files.readString(Path.of("src/docs/kinds.md"));
    var section = document.substring(document.indexOf("## create-index"));
    var yaml = section.substring(section.indexOf("```yaml\n") + 8);
    Files.writeString(jobs.resolve("members.yaml"), yaml.substring(0, yaml.indexOf("```")));

    try (var engine = new JobEngine(jobs, database)) {
      engine.updates.start("master", "members");
      engine.run().awaitEmptyQueue();
    }

    assertThat(
            Rows.of(
                database,
                """
                SELECT indexdef
                  FROM pg_indexes
                 WHERE indexname = 'members_now_members_by_mail'"""))
        .containsExactly(
            "CREATE INDEX members_now_members_by_mail ON public.members_now USING btree (lower(mail), joined DESC) WHERE (mail IS NOT NULL)");
  }

  @Test
  void staysWhenItIsValid() throws Exception {
    run(index());

    assertThat(cancelled()).isEqualTo("Index 'events_mail' has been built; it stays.");
    assertThat(indexes()).hasSize(7);
  }

  @Test
  void isRefusedWhereItCouldNotBecomeValid() {
    assertThat(refusal(unique("id")))
        .startsWith("unique constraint on partitioned table must include all partitioning columns")
        .endsWith(
            "add the columns by which Events is partitioned to 'columns', or leave 'unique' out");
    assertThat(refusal(unique("day"))).contains("add the columns by which deep is partitioned");
    assertThat(refusal(index("old_mail")))
        .endsWith("drop the old one with an update after this one: run: DROP INDEX old_mail");

    Rows.run(database, "CREATE INDEX deep_0_events_mail ON app.deep_0 (id)");
    assertThat(refusal(index()))
        .startsWith("expected index 'deep_0_events_mail' to be 'btree (lower(mail) COLLATE \"C\"");
    Rows.run(
        database,
        "DROP INDEX app.deep_0_events_mail",
        "CREATE INDEX events_mail ON ONLY app.\"Events\" (id)");
    assertThat(refusal(index())).startsWith("expected index 'events_mail' to be ");
    Rows.run(
        database,
        "DROP INDEX app.events_mail",
        "CREATE FOREIGN DATA WRAPPER far",
        "CREATE SERVER far FOREIGN DATA WRAPPER far",
        "CREATE FOREIGN TABLE app.far PARTITION OF app.\"Events\" FOR VALUES FROM (50) TO (60) SERVER far");
    assertThat(refusal(index()))
        .startsWith("expected partitions that are tables, found \"app\".\"far\", which is foreign");
  }

  @Test
  void isRefusedWhereItsPartitionsIndexesBelongToAnother() throws Exception {
    run(index());
    Rows.run(database, "ALTER INDEX app.events_mail RENAME TO old_mail");

    assertThat(refusal(index()))
        .isEqualTo(
            "expected index 'deep_0_events_mail' of table deep_0 to be attached to no other index than the one to build, found it attached to app.deep_events_mail. Give the new index another name");
    var ofPartition =
        new CreateIndex(
            "app.first",
            "new_mail",
            List.of(IndexPart.ofColumn("mail")),
            null,
            false,
            null,
            List.of(),
            Map.of(),
            "first_events_mail",
            1);
    assertThat(refusal(ofPartition))
        .isEqualTo(
            "'replaces': expected an index that can be dropped, found that 'first_events_mail' is attached to index app.old_mail of the partitioned table");
  }

  @Test
  void isRefusedToARoleThatDoesNotOwnAPartition(TestDatabases databases) {
    var owners = databases.as("events_owner", database);
    Rows.run(
        database,
        "GRANT USAGE ON SCHEMA app TO events_owner",
        "ALTER TABLE app.\"Events\" OWNER TO events_owner");

    assertThat(refusal(owners, index()))
        .isEqualTo(
            "expected role 'events_owner' to own table deep, or to be a member of its owner 'postgres', which an index needs, found neither. Let it be a member with: GRANT \"postgres\" TO \"events_owner\"");
  }

  @Test
  void hasNamesThatAreAlwaysTheSameAndNeverTooLong() {
    assertThat(PartitionedIndex.name("a", "b")).isEqualTo("a_b");
    assertThat(PartitionedIndex.name("a".repeat(31), "b".repeat(31))).hasSize(63);
    assertThat(PartitionedIndex.name("a".repeat(31), "b".repeat(32))).hasSize(63).startsWith("aaa");
    var names =
        IntStream.range(0, 100).mapToObj(i -> PartitionedIndex.name("ü".repeat(31), "i" + i));
    assertThat(names.toList())
        .doesNotHaveDuplicates()
        .allSatisfy(name -> assertThat(name.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(63));
  }

  private static final String OIDS =
      "SELECT indexrelid::text FROM pg_index WHERE indrelid::regclass::text LIKE 'app.%' ORDER BY 1";

  private static CreateIndex index() {
    return index(null);
  }

  private static CreateIndex index(@Nullable String replaces) {
    var mail = IndexPart.ofExpression(new Sql("lower(mail) -- folded", 1));
    var part =
        new IndexPart(null, mail.expression(), new QualifiedName(null, "C"), null, "desc", null);
    return index(List.of(part, IndexPart.ofColumn("id")), false, replaces);
  }

  private static CreateIndex unique(String... columns) {
    return index(List.of(columns).stream().map(IndexPart::ofColumn).toList(), true, null);
  }

  private static CreateIndex index(
      List<IndexPart> parts, boolean unique, @Nullable String replaces) {
    return new CreateIndex(
        "app.\"Events\"",
        "events_mail",
        parts,
        null,
        unique,
        null,
        List.of(),
        Map.of(),
        replaces,
        1);
  }

  private String refusal(CreateIndex index) {
    return refusal(database, index);
  }

  private static String refusal(Database database, CreateIndex index) {
    var problems =
        new UpdateCheck(jdbc(database), Map.of(), Beans.NONE).check(update("index", index));
    assertThat(problems).hasSize(1);
    return problems.get(0).message();
  }

  private void run(CreateIndex index) throws InterruptedException {
    engine(index).queue("index").finish();
  }

  private Engine engine(CreateIndex index) {
    return new Engine(database, new ScriptedController().controller(), job(update("index", index)));
  }

  private @Nullable String cancelled() {
    return new CancelledBuild(database, index(), false, Duration.ofSeconds(5), TimeSource.SYSTEM)
        .clear()
        .orElse(null);
  }

  private void awaitBuildThatWaitsFor(OldSnapshot holder) throws Exception {
    Rows.await(
        database,
        "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'undercurrent index%%' AND %d = ANY (pg_blocking_pids(pid))"
            .formatted(holder.pid()));
  }

  /** The indexes on this text or key, with what they are attached to; all have to be valid. */
  private List<@Nullable String> indexes() {
    return Rows.of(
        database,
        """
        SELECT concat_ws(' of ', quote_ident(relname),
                         (SELECT relname FROM pg_class WHERE oid = inhparent))
               || CASE WHEN indisvalid THEN '' ELSE ' INVALID' END
          FROM pg_index
          JOIN pg_class ON pg_class.oid = indexrelid
          LEFT JOIN pg_inherits ON inhrelid = indexrelid
         WHERE indrelid IN (SELECT relid FROM pg_partition_tree('app."Events"'))
         ORDER BY quote_ident(relname) COLLATE "C\"""");
  }
}
