package io.undercurrent.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import liquibase.integration.spring.SpringLiquibase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

@PostgresTest
class SchemaTests {

  private static final List<String> KNOWN = Changesets.names(List.of(Changelog.ENGINE));

  @Test
  void appliesEveryKnownChangeset(Database database) {
    assertThat(changesets(database)).isNotEmpty().isEqualTo(KNOWN);
    assertThat(database.isPrepared()).isTrue();
  }

  @Test
  void isNotPreparedBeforeItIsAsked(TestDatabases databases) {
    var database = databases.createEmpty();

    assertThat(database.isPrepared()).isFalse();
    assertThat(schemas(database)).containsExactly("public");
  }

  @Test
  void adoptsAHomeserversDatabaseWithoutTouchingItsTables(TestDatabases databases) {
    var database = databases.createEmpty();
    database.jdbc().sql("CREATE TABLE background_updates (update_name text)").update();
    database.jdbc().sql("INSERT INTO background_updates VALUES ('theirs')").update();

    database.prepare();

    assertThat(schemas(database)).containsExactly("public", "undercurrent");
    assertThat(
            database
                .jdbc()
                .sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
                .query(String.class)
                .list())
        .containsExactly("background_updates");
    assertThat(
            database
                .jdbc()
                .sql("SELECT update_name FROM background_updates")
                .query(String.class)
                .list())
        .containsExactly("theirs");
  }

  @Test
  void changesNothingWhenUpToDate(Database database) {
    var before = tableVersions(database);

    database.prepare();

    assertThat(tableVersions(database)).isEqualTo(before);
  }

  @Test
  void bringsAnOlderSchemaUpToDate(Database database) {
    takeAChangesetBack(database);
    assertThat(database.isPrepared(Changelog.ENGINE)).isFalse();

    database.prepare();

    assertThat(changesets(database)).hasSameElementsAs(KNOWN);
    assertThat(database.isPrepared()).isTrue();
  }

  @Test
  void doesNotReadAnOlderSchemaAsIfThereWereNone(Database database) {
    takeAChangesetBack(database);

    assertThatThrownBy(database::isPrepared)
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessage(
            "Database 'master': the schema undercurrent is another version's. Bring it up to date with: run, serve, or the console");
  }

  private static void takeAChangesetBack(Database database) {
    database.jdbc().sql("DROP VIEW undercurrent.update_history").update();
    database
        .jdbc()
        .sql("DELETE FROM undercurrent.databasechangelog WHERE id = 'update-history'")
        .update();
  }

  @Test
  void givesAHomeserversPartToThoseWhoAskForIt(Database database) {
    assertThat(database.isPrepared(Changelog.HOMESERVER)).isFalse();
    assertThat(homeserversPart(database)).isEmpty();

    database.prepare(Changelog.HOMESERVER);

    assertThat(database.isPrepared(Changelog.HOMESERVER)).isTrue();
    assertThat(database.isPrepared()).isTrue();
    assertThat(changesets(database))
        .isEqualTo(Changesets.names(List.of(Changelog.ENGINE, Changelog.HOMESERVER)));
    assertThat(homeserversPart(database)).hasSize(28);
  }

  @Test
  void leavesAloneWhatTheVersionBeforeGaveToEveryDatabase(TestDatabases databases)
      throws Exception {
    var database = databases.createEmpty();
    applyAllThatTheVersionBeforeHad(database);
    Rows.run(
        database, "INSERT INTO undercurrent.directory_slices VALUES ('!room:a', '@user:a', 1)");
    var part = homeserversPart(database);
    var rows = Rows.of(database, RECORDED);

    database.prepare();
    assertThat(homeserversPart(database)).isEqualTo(part).hasSize(24);
    database.prepare(Changelog.HOMESERVER);

    // later changesets add tables, and replace functions
    assertThat(homeserversPart(database))
        .containsAll(part.stream().filter(name -> name.startsWith("directory_")).toList());
    assertThat(Rows.of(database, RECORDED)).containsAll(rows);
    assertThat(Rows.of(database, "SELECT room_id FROM undercurrent.directory_slices"))
        .containsExactly("!room:a");
    assertThat(changesets(database))
        .hasSameElementsAs(Changesets.names(List.of(Changelog.values())));
  }

  /** The tables and functions of that part, and whether they are still the same. */
  private static List<String> homeserversPart(Database database) {
    return Rows.of(
        database,
        """
            SELECT relname || ' ' || oid || ' ' || xmin
              FROM pg_class
             WHERE relnamespace = CAST('undercurrent' AS regnamespace)
               AND relname LIKE 'directory%'
            UNION ALL
            SELECT proname || ' ' || oid || ' ' || xmin
              FROM pg_proc
             WHERE pronamespace = CAST('undercurrent' AS regnamespace)
             ORDER BY 1""");
  }

  private static final String RECORDED =
      "SELECT concat_ws(' ', id, filename, md5sum, dateexecuted) FROM undercurrent.databasechangelog";

  private static void applyAllThatTheVersionBeforeHad(Database database) throws Exception {
    Rows.run(database, "CREATE SCHEMA undercurrent");
    try (var connection = database.connect("the version before")) {
      var liquibase = new SpringLiquibase();
      liquibase.setDataSource(new SingleConnectionDataSource(connection, true));
      liquibase.setChangeLog("classpath:db/version-before.yaml");
      liquibase.setResourceLoader(new DefaultResourceLoader());
      liquibase.setLiquibaseSchema("undercurrent");
      liquibase.afterPropertiesSet();
    }
  }

  @Test
  void replacesAViewThatAnotherVersionHadOtherwise(Database database) throws SQLException {
    Rows.run(
        database,
        "CREATE OR REPLACE VIEW undercurrent.pauses_in_force AS TABLE undercurrent.pauses",
        "INSERT INTO undercurrent.pauses VALUES ('fill', NULL, 'somebody', now(), now())",
        "UPDATE undercurrent.databasechangelog SET md5sum = '9:0', tag = 'other' WHERE id = 'view-pauses-in-force'");
    assertThat(isUpToDate(database)).isFalse();

    database.prepare();

    assertThat(isUpToDate(database)).isTrue();
    assertThat(Rows.of(database, "SELECT update_name FROM undercurrent.pauses_in_force")).isEmpty();
    assertThat(
            Rows.of(
                database, "SELECT id FROM undercurrent.databasechangelog WHERE exectype = 'RERAN'"))
        .containsExactly("view-pauses-in-force");
  }

  private static boolean isUpToDate(Database database) throws SQLException {
    try (var connection = database.connect("test")) {
      return new Schema("master", Changelog.ENGINE, connection).isUpToDate();
    }
  }

  @Test
  void refusesASchemaThatANewerVersionHasChanged(Database database) {
    addChangeset(database, "db/changelog/9999-future.sql", "hoverboard");
    var last = KNOWN.get(KNOWN.size() - 1);
    var message =
        "Database 'master': a newer Undercurrent has changed the schema undercurrent; expected no changeset after '%s', found 'hoverboard'. Use the newer Undercurrent"
            .formatted(last);

    assertThatThrownBy(database::prepare)
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessage(message);
    assertThatThrownBy(database::isPrepared).hasMessage(message);
  }

  @Test
  void leavesChangesetsOfOtherChangelogsAlone(Database database) {
    addChangeset(database, "db/sample/0001-sample.sql", "sample");

    database.prepare();

    assertThat(database.isPrepared()).isTrue();
  }

  @Test
  void goesOnWhereAKilledStartHeldTheChangelogLock(Database database) {
    takeAChangesetBack(database);
    database
        .jdbc()
        .sql(
            """
            UPDATE undercurrent.databasechangeloglock
               SET locked = true, lockgranted = now(), lockedby = 'a killed start'""")
        .update();

    database.prepare();

    assertThat(database.isPrepared()).isTrue();
    assertThat(
            database
                .jdbc()
                .sql("SELECT locked FROM undercurrent.databasechangeloglock")
                .query(Boolean.class)
                .single())
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"statement_timeout", "transaction_timeout"})
  void waitsForAnotherProcessThatPreparesWhateverItsRolesTimeout(
      String timeout, TestDatabases databases) throws Exception {
    var database = databases.createEmpty();
    assumeTrue(knows(database, timeout), "PostgreSQL 17 has it");
    try (var other = database.connect("other process");
        var statement = other.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(%d)".formatted(Schema.LOCK));
      statement.execute(
          "ALTER ROLE postgres IN DATABASE %s SET %s = 200".formatted(other.getCatalog(), timeout));

      var preparing = CompletableFuture.runAsync(database::prepare);
      Awaitility.await().until(() -> waitsForLongerThanItsRoleMay(database));
      assertThat(schemas(database)).containsExactly("public");
      statement.execute("SELECT pg_advisory_unlock_all()");
      preparing.join();
    }

    assertThat(database.isPrepared()).isTrue();
  }

  @Test
  void isPreparedOnceByTwoProcessesAtOnce(TestDatabases databases) {
    var database = databases.createEmpty();

    Stream.of(1, 2, 3)
        .map(i -> CompletableFuture.runAsync(database::prepare))
        .toList()
        .forEach(CompletableFuture::join);

    assertThat(changesets(database)).isEqualTo(KNOWN);
  }

  @Test
  void preparesSeveralDatabasesAtOnce(TestDatabases databases) {
    var several = Stream.of("a", "b", "c", "d").map(name -> databases.createEmpty(name)).toList();

    several.stream()
        .map(
            database ->
                CompletableFuture.runAsync(database::prepare, task -> new Thread(task).start()))
        .toList()
        .forEach(CompletableFuture::join);

    assertThat(several).allSatisfy(database -> assertThat(changesets(database)).isEqualTo(KNOWN));
  }

  @Test
  void namesTheGrantsToARoleThatMayNotCreateTheSchema(TestDatabases databases) {
    var database = databases.createEmpty();
    var weak = databases.as("weak", database);

    assertThatThrownBy(weak::prepare)
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessageStartingWith(
            "Database 'master': expected a role that may create and use the schema undercurrent, got: permission denied for database")
        .hasMessageEndingWith("(SQLSTATE 42501). Have a superuser run db/grants.sql there");
  }

  @Test
  void namesTheGrantsToARoleThatMayNotUseTheSchema(TestDatabases databases) {
    var onlooker = databases.as("onlooker", databases.create());

    assertThatThrownBy(onlooker::isPrepared)
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessageContaining("Have a superuser run db/grants.sql there");
    assertThatThrownBy(onlooker::prepare)
        .hasMessageContaining("Have a superuser run db/grants.sql there");
  }

  @Test
  void isPreparedAndUsedByTheRoleOfTheGrants(TestDatabases databases) throws IOException {
    var owners = databases.createEmpty();
    owners.jdbc().sql("CREATE TABLE members (id bigserial, name text)").update();
    owners.jdbc().sql(Files.readString(Path.of("db/grants.sql"))).update();
    var database = databases.as("undercurrent_runner", owners);

    database.prepare();
    database.jdbc().sql("INSERT INTO undercurrent.background_updates VALUES ('x')").update();
    database.jdbc().sql("INSERT INTO members (name) VALUES ('x')").update();
    database.jdbc().sql("SELECT FROM members FOR NO KEY UPDATE").query().listOfRows();

    assertThat(database.isPrepared()).isTrue();
    assertThatThrownBy(() -> database.jdbc().sql("CREATE SCHEMA another").update())
        .rootCause()
        .hasMessageStartingWith("ERROR: permission denied for database");
  }

  @Test
  void unlocksTheSchemaThatItFailedToMake(TestDatabases databases) throws SQLException {
    var stranger = databases.as("stranger", databases.createEmpty());

    try (var connection = stranger.connect("test")) {
      assertThatThrownBy(() -> new Schema("master", Changelog.ENGINE, connection).prepare())
          .hasMessageContaining("expected a role that may create and use the schema undercurrent");

      try (var statement = connection.createStatement();
          var locks =
              statement.executeQuery(
                  "SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")) {
        assertThat(locks.next()).isFalse();
      }
    }
  }

  @Test
  void refusesARoleWhoseDefaultSchemaIsOurs(TestDatabases databases) {
    var database = databases.createEmpty();
    var namesake = databases.as("undercurrent", database);
    database.jdbc().sql("ALTER ROLE undercurrent SUPERUSER").update();

    assertThatThrownBy(namesake::prepare)
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessageContaining("expected a default schema other than undercurrent");
  }

  private static List<String> changesets(Database database) {
    return database
        .jdbc()
        .sql("SELECT id FROM undercurrent.databasechangelog ORDER BY orderexecuted")
        .query(String.class)
        .list();
  }

  private static void addChangeset(Database database, String file, String id) {
    database
        .jdbc()
        .sql(
            """
            INSERT INTO undercurrent.databasechangelog
              (id, author, filename, dateexecuted, orderexecuted, exectype)
            VALUES (:id, 'undercurrent', :file, now(), 99, 'EXECUTED')""")
        .param("id", id)
        .param("file", file)
        .update();
  }

  private static List<String> schemas(Database database) {
    return database
        .jdbc()
        .sql(
            """
            SELECT nspname
              FROM pg_namespace
             WHERE nspname NOT LIKE 'pg\\_%'
               AND nspname <> 'information_schema'
             ORDER BY 1""")
        .query(String.class)
        .list();
  }

  private static List<String> tableVersions(Database database) {
    return database
        .jdbc()
        .sql("SELECT oid || ' ' || xmin FROM pg_class ORDER BY oid")
        .query(String.class)
        .list();
  }

  private static boolean knows(Database database, String setting) {
    return database
        .jdbc()
        .sql("SELECT current_setting(:name, true) IS NOT NULL")
        .param("name", setting)
        .query(Boolean.class)
        .single();
  }

  private static boolean waitsForLongerThanItsRoleMay(Database database) {
    return database
        .jdbc()
        .sql(
            """
            SELECT EXISTS (
              SELECT FROM pg_stat_activity
               WHERE datname = current_database()
                 AND wait_event = 'advisory'
                 AND query_start < clock_timestamp() - interval '300 ms')""")
        .query(Boolean.class)
        .single();
  }
}
