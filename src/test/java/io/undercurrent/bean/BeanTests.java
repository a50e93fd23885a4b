package io.undercurrent.bean;

import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.statements;
import static io.undercurrent.testing.Engine.update;

import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.execution.RunnerListener;
import io.undercurrent.failure.FailurePolicy;
import io.undercurrent.iteration.Beans;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.page.Read;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.rows.ReadWrite.Process;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** What tests of beans have in common: ten rows, and a bean that makes each number tenfold. */
@PostgresTest
abstract class BeanTests {

  static final Write SET_N =
      statements("UPDATE numbers SET n = chunk.n FROM chunk WHERE numbers.id = chunk.id");
  static final Write COUNT_UP =
      statements("UPDATE numbers SET n = numbers.n + 1 FROM chunk WHERE numbers.id = chunk.id");
  static final Read KEYS = new Read.Table("numbers", List.of("id"), null);
  static final Read ROWS = query("SELECT id, n FROM numbers");

  final ScriptedBean bean = new ScriptedBean();
  final ScriptedController script = new ScriptedController();

  @BeforeEach
  void createNumbers(Database database) {
    createTable(database, "numbers", 10);
    Rows.run(database, "UPDATE numbers SET n = id");
  }

  static Read query(String sql) {
    return new Read.Query(new Sql(sql, 1), List.of("id"));
  }

  static UpdateDefinition inside(Read read, Write write) {
    return update("numbers", new ReadWrite(read, "ship", write));
  }

  static UpdateDefinition outside(Read read, Write write) {
    return outside(read, write, Process.TIMEOUT);
  }

  static UpdateDefinition outside(Read read, Write write, Duration timeout) {
    var process = new Process("ship", true, timeout);
    return update("numbers", new ReadWrite(read, process, write, null));
  }

  Engine engine(Database database, UpdateDefinition update) {
    return engine(database, bean, update);
  }

  Engine engine(Database database, Beans beans, UpdateDefinition update) {
    return new Engine(
        database,
        new RunnerContext(
            script.controller(),
            beans,
            FailurePolicy.STANDARD,
            RunnerListener.NONE,
            Clock.systemUTC(),
            bean),
        job(update));
  }

  /** Runs the update as far as it gets, and returns what it was given up with, if it was. */
  @Nullable String run(Database database, UpdateDefinition update) throws Exception {
    try (var engine = engine(database, update).queue("numbers").steps()) {
      return engine.queue.find("numbers").map(queued -> queued.lastError()).orElse(null);
    }
  }

  /** Has the update go on that was given up. */
  static void retry(Database database) {
    Rows.run(
        database,
        "UPDATE undercurrent.runs SET given_up_at = NULL, retry_at = NULL, failures_in_row = 0");
  }

  static List<@Nullable String> numbers(Database database) {
    return Rows.of(database, "SELECT n FROM numbers ORDER BY id");
  }

  static List<String> ids(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(String::valueOf).toList();
  }

  static List<String> times(int factor, Integer... numbers) {
    return Arrays.stream(numbers).map(number -> String.valueOf(factor * number)).toList();
  }

  /** The only execution's counts. */
  static List<@Nullable String> counts(Database database) {
    return Rows.of(
        database,
        """
        SELECT format('%s: %s read, %s filtered, %s written, %s commits',
                      step.status, read_count, filter_count, write_count, commit_count)
          FROM undercurrent.batch_step_execution step
         ORDER BY step_execution_id""");
  }
}
