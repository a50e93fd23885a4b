package io.undercurrent.health;

import static io.undercurrent.testing.Engine.createTable;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.state.Measure.Unit;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OtherSession;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@PostgresTest
class DeadRowsTests {

  private final DeadRows signal = new DeadRows(DeadRows.OWN);

  @Test
  void countsThoseThatAutovacuumIsDueToRemove(Database database) throws Exception {
    createTable(database, "numbers", 1_000);
    try (var other = OtherSession.begin(database)) {
      // Autovacuum passes it by now.
      other.run("LOCK TABLE numbers IN SHARE UPDATE EXCLUSIVE MODE");
      countsDue(database);
    }

    Rows.run(database, "VACUUM numbers");
    awaitDead(database, "numbers", 0);
    assertThat(Looking.figure(database, signal, "public.numbers")).isZero();
  }

  private void countsDue(Database database) {
    Rows.run(database, "UPDATE numbers SET n = 1 WHERE id <= 200");
    awaitDead(database, "numbers", 200);

    var early = Looking.value(database, signal, "public.numbers");
    assertThat(early.value()).isZero();
    assertThat(early.subject()).isEqualTo("numbers");
    assertThat(early.detail()).isEqualTo("200 dead rows; autovacuum comes from 250 on");

    Rows.run(database, "UPDATE numbers SET n = 1 WHERE id <= 300");
    awaitDead(database, "numbers", 500);
    var due = Looking.value(database, signal, "public.numbers");
    assertThat(due.value()).isEqualTo(500);
    assertThat(due.detail()).isEqualTo("500 dead rows; autovacuum comes from 250 on, and is due");
  }

  @Test
  void holdARunUntilVacuumHasRemovedThem(Database database) throws Exception {
    var above500 = new DeadRows(new Limits(500.0, null, Duration.ZERO, true, Unit.COUNT));
    try (var run = new HeldRun(database, "bloated", above500)) {
      var why =
          run.whenIn(
              () ->
                  Rows.run(
                      database,
                      "ALTER TABLE bloated SET (autovacuum_enabled = off)",
                      "UPDATE bloated SET n = n WHERE id > 400"));
      assertThat(why)
          .matches(
              ".*: dead-rows of bloated is \\d+ \\(autovacuum is off for it; run: VACUUM bloated\\); it holds above 500, .*");

      Rows.run(database, "VACUUM bloated");
      run.goesOn();
    }
  }

  @Test
  void countsAllWhereAutovacuumIsOffAndNamesTheWorstOfTheTables(Database database) {
    createTable(database, "numbers", 100);
    Rows.run(
        database,
        "CREATE SCHEMA \"My\"",
        "CREATE TABLE \"My\".\"Days\" (id int, long text) PARTITION BY RANGE (id)",
        "CREATE TABLE days_1 PARTITION OF \"My\".\"Days\" FOR VALUES FROM (0) TO (100) WITH (autovacuum_enabled = off)",
        "CREATE TABLE days_2 PARTITION OF \"My\".\"Days\" FOR VALUES FROM (100) TO (200) WITH (autovacuum_enabled = off)",
        "ALTER TABLE days_2 ALTER long SET STORAGE EXTERNAL",
        "INSERT INTO \"My\".\"Days\" SELECT i, repeat('x', CASE WHEN i < 100 THEN 1 ELSE 3000 END) FROM generate_series(90, 109) AS i",
        "UPDATE \"My\".\"Days\" SET long = long || 'y'");
    awaitDead(database, "days_1", 10);
    awaitDead(database, "days_2", 10);

    var reading = Looking.value(database, signal, "public.numbers", "\"My\".\"Days\"");

    assertThat(reading.value()).as("10 rows each, and two pieces of each long text").isEqualTo(40);
    assertThat(reading.subject()).isEqualTo("\"My\".\"Days\"");
    assertThat(reading.detail()).isEqualTo("autovacuum is off for it; run: VACUUM \"My\".\"Days\"");
  }

  @Test
  void saysWhereThereIsNoTable(Database database) {
    assertThat(Looking.at(database, signal)).isEqualTo(new Reading.Nothing(Look.NO_TABLES));
    assertThat(Looking.at(database, signal, "public.gone"))
        .isEqualTo(new Reading.Nothing(Look.NO_TABLES));
  }

  private static void awaitDead(Database database, String table, int rows) {
    Engine.await()
        .until(
            () ->
                Rows.of(
                        database,
                        "SELECT n_dead_tup FROM pg_stat_all_tables WHERE relname = '%s'"
                            .formatted(table))
                    .contains(String.valueOf(rows)));
  }
}
