package io.undercurrent.doctor;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseDownException;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.doctor.Report.NotDone;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.SteppedTime;
import io.undercurrent.testing.TestDatabases;
import io.undercurrent.time.TimeSource;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@PostgresTest
class DoctorTests {

  @Test
  void findsNothingOnADatabaseThatUpdatesHaveRunOn(Database database) throws Exception {
    createTable(database, "halls", 100);
    var engine =
        new Engine(
            database, new ScriptedController().controller(), job(counting("count", "halls")));
    engine.queue("count").finish();

    assertThat(Examination.of(database).report()).isEqualTo(new Report(List.of(), List.of()));
  }

  @Test
  void looksAtADatabaseWithoutItsSchemaAndMakesNone(TestDatabases databases) {
    var database = databases.createEmpty();

    assertThat(Examination.of(database).report()).isEqualTo(new Report(List.of(), List.of()));
    assertThat(Rows.of(database, "SELECT to_regnamespace('undercurrent')")).containsNull();
  }

  @Test
  void saysThatTheSchemaIsAnotherVersions(TestDatabases databases) {
    var database = databases.create();
    Rows.run(
        database, "UPDATE undercurrent.databasechangelog SET id = 'future' WHERE id = 'trouble'");

    assertThat(Examination.of(database).report().findings())
        .singleElement()
        .returns("schema", Finding::name)
        .returns("Use the newer Undercurrent", Finding::cure)
        .returns(true, Finding::isProblem);
  }

  @Test
  void goesOnWithTheOthersWhereACheckCannotBeMade(Database database) {
    var report =
        examination(
                database,
                TimeSource.SYSTEM,
                check("locked", "SELECT missing FROM undercurrent.lease"),
                check("slow", "SELECT pg_sleep(60)"),
                new DisabledUpdates())
            .report();

    assertThat(report.notDone())
        .extracting(NotDone::name)
        .containsExactly("locked", "slow", "disabled");
    assertThat(report.notDone())
        .extracting(NotDone::reason)
        .containsExactly(
            "column \"missing\" does not exist (SQLSTATE 42703)",
            "canceling statement due to statement timeout (SQLSTATE 57014)",
            "the checks before it took 2 s");
  }

  @Test
  void writesNothingWhileItLooks(Database database) {
    var report =
        examination(
                database,
                new SteppedTime(),
                check("writing", "UPDATE undercurrent.lease SET enabled = false"))
            .report();

    assertThat(report.notDone()).extracting(NotDone::reason).asString().contains("25006");
  }

  @Test
  void refusesADatabaseThatIsDown() throws Exception {
    try (var socket = new ServerSocket(0)) {
      var url = "jdbc:postgresql://127.0.0.1:%d/gone".formatted(socket.getLocalPort());
      socket.close();
      try (var down = new Database(new DatabaseSettings("spare", url, "nobody", null))) {
        assertThatThrownBy(() -> Examination.of(down).report())
            .isInstanceOf(DatabaseDownException.class);
      }
    }
  }

  @Test
  void givesEachCheckANameOfItsOwn() {
    assertThat(Doctor.names()).doesNotHaveDuplicates().contains("invalid-index");
  }

  private static Examination examination(Database database, TimeSource time, Check... checks) {
    return new Examination(new Doctor(database, update -> Optional.empty(), time, List.of(checks)));
  }

  private static Check check(String name, String sql) {
    return new Check() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void look(Patient patient, Findings found) {
        if (sql.startsWith("SELECT")) {
          patient.jdbc().sql(sql).query().listOfRows();
        } else {
          patient.jdbc().sql(sql).update();
        }
      }
    };
  }
}
