package io.undercurrent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.doctor.Report.NotDone;
import io.undercurrent.testing.OldSnapshot;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@PostgresTest
class ServerChecksTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "default_transaction_read_only = on | role-setting: The server accepts no writes: default_transaction_read_only is on for the role sick_role. Allow writes with: ALTER ROLE sick_role RESET default_transaction_read_only",
        "session_replication_role = replica | role-setting: Updates refuse to run with this role: expected another session_replication_role than replica, with which triggers and foreign keys would not fire. Reset it with: ALTER ROLE or ALTER DATABASE ... RESET session_replication_role",
        "search_path = undercurrent, public | role-setting: The default schema is undercurrent: the jobs' table names would mean Undercurrent's own tables. Log in as another role, or: ALTER ROLE sick_role SET search_path = public",
        "statement_timeout = '500ms' | hint role-setting: statement_timeout is 500 ms for this role: the lease, verbs and history may be cut off under load. ALTER ROLE sick_role IN DATABASE %s SET statement_timeout = 0"
      })
  void findSettingsThatAreInTheWay(
      String setting, String finding, Database owners, TestDatabases databases) {
    var database = databases.as("sick_role", owners);
    var name = Rows.of(owners, "SELECT quote_ident(current_database())").get(0);
    Rows.run(
        owners,
        "GRANT USAGE ON SCHEMA undercurrent TO sick_role",
        "ALTER ROLE sick_role SET " + setting);

    assertThat(Examination.by(new RoleSettings(), database).findings())
        .contains(finding.formatted(name));
    Rows.run(owners, "DROP OWNED BY sick_role");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "statement_timeout = '30s'",
        "lock_timeout = '100ms'",
        "idle_in_transaction_session_timeout = '1s'",
        "default_transaction_isolation = 'serializable'"
      })
  void passOverSettingsThatIterationsSetForThemselves(
      String setting, Database owners, TestDatabases databases) {
    var database = databases.as("well_role", owners);
    Rows.run(owners, "ALTER ROLE well_role SET " + setting);

    assertThat(Examination.by(new RoleSettings(), database).findings())
        .noneMatch(finding -> finding.contains("role-setting"));
  }

  @Test
  void findASchemaThatAnotherRoleOwns(Database owners, TestDatabases databases) {
    var database = databases.as("poor_role", owners);
    var owner = Rows.of(owners, "SELECT current_user").get(0);

    assertThat(Examination.by(new SchemaOwners(), owners).findings()).isEmpty();
    assertThat(Examination.by(new SchemaOwners(), database).findings())
        .anySatisfy(
            finding ->
                assertThat(finding)
                    .startsWith("foreign-schema: The schema undercurrent and ")
                    .endsWith(
                        " objects in it belong to the role '%s', whose rights 'poor_role' does not have: the next version cannot change them. Have a superuser run db/grants.sql, which hands them over, with 'poor_role' as the role"
                            .formatted(owner)))
        // what is missing is said, too
        .anySatisfy(finding -> assertThat(finding).startsWith("schema: Database 'master': "));

    Rows.run(owners, "ALTER SCHEMA undercurrent OWNER TO poor_role");
    assertThat(Examination.by(new SchemaOwners(), database).findings())
        .anySatisfy(
            finding ->
                assertThat(finding).startsWith("foreign-schema: In the schema undercurrent "));
    Rows.run(owners, "ALTER SCHEMA undercurrent OWNER TO " + owner);
  }

  @Test
  void findOldTransactions(Database database) throws Exception {
    try (var report = OldSnapshot.hold(database)) {
      assertThat(Examination.by(new OldTransactions(Duration.ofMinutes(10)), database).findings())
          .isEmpty();
      assertThat(Examination.by(new OldTransactions(Duration.ZERO), database).findings())
          .singleElement()
          .asString()
          .startsWith("old-transaction: Session %d of report (user ".formatted(report.pid()))
          .containsPattern(
              "\\), idle in transaction, has had a transaction open for \\d+ s, which keeps vacuum")
          .endsWith(": SELECT 1. SELECT pg_terminate_backend(%d)".formatted(report.pid()));
    }
    assertThat(Examination.by(new OldTransactions(Duration.ZERO), database).findings()).isEmpty();
  }

  @Test
  void sayWhichTransactionsTheyCannotSee(Database owners, TestDatabases databases)
      throws Exception {
    var database = databases.as("blind_role", owners);
    try (var report = OldSnapshot.hold(owners)) {
      assertThat(report.pid()).isPositive();
      assertThat(Examination.by(new OldTransactions(Duration.ZERO), database).report().notDone())
          .extracting(NotDone::reason)
          .containsExactly(
              "how old the transactions of other roles are cannot be seen. Let this role see them with: GRANT pg_read_all_stats TO blind_role");

      Rows.run(owners, "GRANT pg_read_all_stats TO blind_role");
      assertThat(Examination.by(new OldTransactions(Duration.ZERO), database).report().findings())
          .anyMatch(finding -> finding.name().equals("old-transaction"));
    }
  }

  @Test
  void findReplicationSlotsThatNobodyReadsFrom(Database database) {
    assertThat(Examination.by(new InactiveSlots(), database).findings()).isEmpty();
    Rows.of(database, "SELECT pg_create_physical_replication_slot('lost_standby', true)");
    try {
      assertThat(Examination.by(new InactiveSlots(), database).report().findings())
          .singleElement()
          .returns("lost_standby", Finding::subject)
          .returns(false, Finding::isProblem)
          .returns(
              "Start what reads from it, or: SELECT pg_drop_replication_slot('lost_standby')",
              Finding::cure);
    } finally {
      Rows.of(database, "SELECT pg_drop_replication_slot('lost_standby')");
    }
  }

  @Test
  void findPreparedTransactionsThatNobodyEnds() throws Exception {
    try (var server =
            EmbeddedPostgres.builder().setServerConfig("max_prepared_transactions", "2").start();
        var database =
            new Database(
                new DatabaseSettings(
                    "master", server.getJdbcUrl("postgres", "postgres"), "postgres", null))) {
      try (var connection = database.connect("application");
          var statement = connection.createStatement()) {
        statement.execute("BEGIN");
        statement.execute("CREATE TABLE halls (id int)");
        statement.execute("PREPARE TRANSACTION 'ann''s'");
      }
      var examination = Examination.by(new PreparedTransactions(Duration.ZERO), database);

      assertThat(examination.findings())
          .singleElement()
          .asString()
          .matches(
              "prepared-transaction: The transaction 'ann''s' was prepared by postgres \\d+ s ago and not ended: it keeps its locks, and vacuum from its work. COMMIT PREPARED 'ann''s', or: ROLLBACK PREPARED 'ann''s'");
      Rows.run(database, "ROLLBACK PREPARED 'ann''s'");
      assertThat(examination.findings()).isEqualTo(List.of());
    }
  }
}
