package io.undercurrent.rows;

import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.inChunksOf;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.statements;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.failure.QuarantineLimit;
import io.undercurrent.iteration.Beans;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.page.Read;
import io.undercurrent.page.Walk;
import io.undercurrent.quarantine.QuarantineFilter;
import io.undercurrent.quarantine.QuarantineTable;
import io.undercurrent.run.RunStatements;
import io.undercurrent.runner.QuarantineReplay;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code :now} stands for. */
@PostgresTest
class RunStartTests {

  private final ScriptedController script = new ScriptedController();

  @BeforeEach
  void createNumbers(Database database) {
    createTable(database, "numbers", 9);
    Rows.run(
        database, "ALTER TABLE numbers ADD at timestamptz, ADD made timestamptz DEFAULT now()");
  }

  @Test
  void isTheSameInEveryChunkAndRestartOfARun(Database database) throws Exception {
    var definition = stamping(new Read.Table("numbers", List.of("id"), null));
    try (var engine = new Engine(database, script.controller(), job(definition))) {
      script.atIteration(2, engine::stop);
      engine.queue("stamp").step();
    }
    assertThat(stamps(database)).containsExactly(null, start(database, 1));

    new Engine(database, new ScriptedController().controller(), job(definition)).finish();

    assertThat(stamps(database)).containsExactly(start(database, 1));
    assertThat(
            Rows.of(
                database,
                "SELECT started_at BETWEEN queued_at AND ended_at FROM undercurrent.runs"))
        .containsExactly("t");
  }

  @Test
  void isAnotherInTheNextRun(Database database) throws Exception {
    var definition = stamping(new Read.Table("numbers", List.of("id"), null));
    try (var engine = new Engine(database, script.controller(), job(definition))) {
      engine.queue("stamp").work().queue("stamp").work();
    }

    assertThat(stamps(database)).containsExactly(start(database, 2));
    assertThat(start(database, 1)).isLessThan(start(database, 2));
  }

  @Test
  void chooses(Database database) throws Exception {
    Rows.run(database, "UPDATE numbers SET made = now() + interval '1 day' WHERE id = 5");
    var where =
        new Read.Table(
            "numbers",
            List.of("id"),
            new Sql("made < :now", 1),
            new Walk(List.of(new Sql("extract(epoch FROM :now - :now) + 2", 1)), List.of(), false));
    var query =
        new Read.Query(new Sql("SELECT id FROM numbers WHERE made > :now", 1), List.of("id"));

    new Engine(database, script.controller(), job(stamping(where))).queue("stamp").finish();
    assertThat(Rows.of(database, "SELECT id FROM numbers WHERE at IS NULL ORDER BY id"))
        .containsExactly("1", "5");

    new Engine(database, script.controller(), job(stamping(query))).queue("stamp").finish();
    assertThat(Rows.of(database, "SELECT id FROM numbers WHERE at IS NULL ORDER BY id"))
        .containsExactly("1");
  }

  @Test
  void isKnownToStatementsThatRunOnce(Database database) throws Exception {
    var run =
        new RunStatements(
            List.of(
                new Sql("UPDATE numbers SET at = :now", 1),
                new Sql("INSERT INTO numbers (id, at) VALUES (10, :now)", 1)));

    new Engine(database, script.controller(), job(update("stamp", run))).queue("stamp").finish();

    assertThat(stamps(database)).containsExactly(start(database, 1));
  }

  @Test
  void isThatOfTheRunThatHasPutARowAside(Database database) throws Exception {
    Rows.run(database, "ALTER TABLE numbers ADD CONSTRAINT bad CHECK (id <> 4 OR at IS NULL)");
    var definition =
        stamping(new Read.Table("numbers", List.of("id"), null)).with(new QuarantineLimit(1, null));
    new Engine(database, script.controller(), job(definition)).queue("stamp").finish();
    Rows.run(database, "ALTER TABLE numbers DROP CONSTRAINT bad");

    var context = new RunnerContext(script.controller(), Beans.NONE);
    var defined = Engine.defined(job(definition)).orElseThrow();
    try (var replay = new QuarantineReplay(database, context, defined, 1)) {
      for (var row : new QuarantineTable(database.jdbc()).list(QuarantineFilter.of("stamp"), 10)) {
        replay.row(row);
      }
    }

    assertThat(stamps(database)).containsExactly(start(database, 1));
  }

  private static UpdateDefinition stamping(Read read) {
    return inChunksOf(
        3,
        update(
            "stamp",
            new ReadWrite(
                read,
                null,
                statements(
                    "UPDATE numbers SET at = :now FROM chunk WHERE numbers.id = chunk.id"))));
  }

  private static List<@Nullable String> stamps(Database database) {
    return Rows.of(database, "SELECT DISTINCT at FROM numbers ORDER BY at NULLS FIRST");
  }

  private static @Nullable String start(Database database, int run) {
    return Rows.of(database, "SELECT started_at FROM undercurrent.runs WHERE run = " + run).get(0);
  }
}
