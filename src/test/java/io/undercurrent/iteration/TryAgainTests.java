package io.undercurrent.iteration;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.inChunksOf;
import static io.undercurrent.testing.Engine.index;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.statements;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.bean.Row;
import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.failure.FailureKind;
import io.undercurrent.failure.FailurePolicy;
import io.undercurrent.failure.FailurePolicy.EndExecution;
import io.undercurrent.failure.FailurePolicy.Failure;
import io.undercurrent.failure.FailurePolicy.TryAgain;
import io.undercurrent.failure.FailurePolicy.TryLess;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.page.Read;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.run.RunStatements;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemStream;

/** A policy that tries again in place finds everything as it was before the try that failed. */
@PostgresTest
class TryAgainTests {

  private static final String COUNT_UP =
      "UPDATE numbers SET n = n + 1 FROM chunk WHERE numbers.id = chunk.id";

  private final ScriptedController script = new ScriptedController();

  private final List<Failure> failures = new ArrayList<>();
  private @Nullable Object bean;

  /** What goes out of the way before the next try. */
  private Runnable mend = () -> {};

  @BeforeEach
  void createNumbers(Database database) throws Exception {
    createTable(database, "numbers", 250);
  }

  @Test
  void writesAChunkAgainWhoseWriteFailed(Database database) throws Exception {
    Rows.run(database, "ALTER TABLE numbers ADD CONSTRAINT poison CHECK (id <> 150 OR n = 0)");
    mend = () -> Rows.run(database, "ALTER TABLE numbers DROP CONSTRAINT poison");

    run(database, counting("numbers", "numbers"));

    assertThat(failed()).containsExactly("1: 23514 of 100");
    assertCountedOnce(database);
    assertThat(step(database))
        .isEqualTo("COMPLETED 250 read 0 filtered 250 written 3 commits 1 rollbacks version 6");
    assertThat(script.events).contains("enter").hasSize(12);
  }

  @Test
  void looksAgainAtWhatOthersHaveChanged(Database database) throws Exception {
    bean = (ItemProcessor<Row, Row>) row -> changedByOthers(database, row);
    var read = new Read.Query(new Sql("SELECT DISTINCT id FROM numbers WHERE n < 5", 1), key());

    run(database, update("numbers", new ReadWrite(read, "bean", statements(COUNT_UP))));

    assertThat(failed()).containsExactly("1: 40001 of 100");
    assertThat(values(database)).containsExactly("1 in 249 rows", "42 in 1 rows");
    assertThat(step(database))
        .isEqualTo("COMPLETED 249 read 0 filtered 249 written 3 commits 1 rollbacks version 6");
  }

  private static Row changedByOthers(Database database, Row row) {
    if ("150".equals(row.get("id"))) {
      Rows.run(database, "UPDATE numbers SET n = 42 WHERE id = 150");
    }
    return row;
  }

  @Test
  void doesAChunkAgainThatWasLostHalfWay(Database database) throws Exception {
    Rows.run(database, "CREATE TABLE ends (id int)", "INSERT INTO ends VALUES (150)");
    mend = () -> Rows.run(database, "DELETE FROM ends");
    var write =
        statements(
            COUNT_UP,
            "SELECT pg_terminate_backend(pg_backend_pid()) FROM chunk JOIN ends USING (id)");

    run(database, update("numbers", new ReadWrite(numbers(), null, write)));

    assertThat(failed()).containsExactly("1: 57P01 of 100");
    assertCountedOnce(database);
    assertThat(step(database))
        .startsWith("COMPLETED 250 read 0 filtered")
        .endsWith("3 commits 1 rollbacks version 6");
  }

  @Test
  void weighsAChunkAgain(Database database) throws Exception {
    Rows.run(database, "ALTER TABLE numbers ADD CONSTRAINT poison CHECK (id <> 7 OR n = 0)");
    mend = () -> Rows.run(database, "ALTER TABLE numbers DROP CONSTRAINT poison");
    var read =
        new Read.Query(new Sql("SELECT id, 25 AS weight FROM numbers WHERE id < 11", 1), key());

    run(database, update("numbers", new ReadWrite(read, null, statements(COUNT_UP))));

    assertThat(failed()).containsExactly("1: 23514 of 4");
    assertThat(values(database)).containsExactly("0 in 240 rows", "1 in 10 rows");
    assertThat(step(database))
        .isEqualTo("COMPLETED 10 read 0 filtered 10 written 3 commits 1 rollbacks version 6");
    assertThat(context(database, "items")).isEqualTo("250");
  }

  @Test
  void triesAgainWithFewerItems(Database database) throws Exception {
    Rows.run(database, "ALTER TABLE numbers ADD CONSTRAINT poison CHECK (id <> 150 OR n = 0)");

    run(
        database,
        failure ->
            failure.items() > 10
                ? new TryLess(failure.items() / 10, Duration.ZERO)
                : new EndExecution(FailureKind.HOPELESS),
        counting("numbers", "numbers"));

    // What follows a chunk that went well may be larger, until one fails again.
    assertThat(failed()).startsWith("1: 23514 of 100").hasSizeGreaterThan(2);
    assertThat(Rows.of(database, "SELECT count(*) BETWEEN 140 AND 149 FROM numbers WHERE n = 1"))
        .containsExactly("t");
    assertThat(Rows.of(database, "SELECT given_up_at IS NOT NULL FROM undercurrent.runs"))
        .containsExactly("t");
  }

  @Test
  void putsAStreamBackThatABeanKeeps(Database database) throws Exception {
    var counter = new Counter();
    bean = counter;
    Rows.run(database, "ALTER TABLE numbers ADD CONSTRAINT poison CHECK (id <> 150 OR n = 0)");
    mend = () -> Rows.run(database, "ALTER TABLE numbers DROP CONSTRAINT poison");

    run(database, update("numbers", new ReadWrite(numbers(), "bean", statements(COUNT_UP))));

    assertThat(counter.seen).isEqualTo(250);
    assertThat(context(database, "seen")).isEqualTo("250");
  }

  @Test
  void runsAOneShotAgain(Database database) throws Exception {
    Rows.run(database, "CREATE TABLE done (id int)", "INSERT INTO numbers (id, n) VALUES (0, 7)");
    mend = () -> Rows.run(database, "UPDATE numbers SET n = 8 WHERE id = 0");
    var once =
        new RunStatements(
            List.of(
                new Sql("INSERT INTO done SELECT id FROM numbers WHERE id <= 10", 1),
                new Sql("SELECT 1 / (n - 7) FROM numbers WHERE id = 0", 2)));

    run(database, update("numbers", once));

    assertThat(failed()).containsExactly("1: 22012 of 1");
    assertThat(Rows.of(database, "SELECT count(*) FROM done")).containsExactly("11");
    assertThat(step(database))
        .isEqualTo("COMPLETED 0 read 0 filtered 0 written 1 commits 1 rollbacks version 4");
  }

  @Test
  void buildsAnIndexAgain(Database database) throws Exception {
    mend = () -> Rows.run(database, "UPDATE numbers SET n = id");

    run(database, update("numbers", index("numbers", true, null)));

    assertThat(failed()).containsExactly("1: 23505 of 1");
    assertThat(
            Rows.of(
                database,
                "SELECT indisvalid FROM pg_index WHERE indexrelid = 'numbers_n'::regclass"))
        .containsExactly("t");
    assertThat(step(database))
        .isEqualTo("COMPLETED 0 read 0 filtered 0 written 1 commits 0 rollbacks version 4");
  }

  @Test
  void doesNotTryAgainWhatMayHaveBeenCommitted(Database database) throws Exception {
    Rows.run(
        database,
        """
        CREATE FUNCTION end_session() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_terminate_backend(pg_backend_pid());
          RETURN NULL;
        END$$""",
        """
        CREATE CONSTRAINT TRIGGER ends AFTER UPDATE ON numbers DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.id = 150) EXECUTE FUNCTION end_session()""");
    mend = () -> Rows.run(database, "DROP TRIGGER ends ON numbers");

    run(database, counting("numbers", "numbers"));

    assertThat(failures).isEmpty();
    assertThat(step(database)).startsWith("STARTED 100 read");
    assertThat(values(database)).containsExactly("0 in 150 rows", "1 in 100 rows");
  }

  @Test
  void forgetsEarlierFailuresOnlyWhenATryIsCommitted(Database database) throws Exception {
    Rows.run(database, "ALTER TABLE numbers ADD CONSTRAINT poison CHECK (n = 0)");
    try (var engine =
        engine(database, FailurePolicy.END_EXECUTION, counting("numbers", "numbers"))) {
      engine.queue("numbers").steps().pass(Duration.ofSeconds(1));
    }
    // The first try gets as far as to forget them, and fails when it commits.
    Rows.run(
        database,
        "ALTER TABLE numbers DROP CONSTRAINT poison",
        "CREATE TABLE allowed (n int PRIMARY KEY)",
        "INSERT INTO allowed VALUES (0)",
        "ALTER TABLE numbers ADD FOREIGN KEY (n) REFERENCES allowed DEFERRABLE INITIALLY DEFERRED");
    mend = () -> Rows.run(database, "INSERT INTO allowed VALUES (1)");
    var seen = new ArrayList<@Nullable String>();
    script.onEnter(
        () -> {
          seen.addAll(Rows.of(database, "SELECT failures_in_row FROM undercurrent.runs"));
          return null;
        });

    try (var engine = engine(database, this::tryAgainOnce, counting("numbers", "numbers"))) {
      engine.steps();
    }

    assertThat(seen).containsExactly("1", "1", "0", "0");
    assertCountedOnce(database);
  }

  private void run(Database database, UpdateDefinition update) throws Exception {
    run(database, this::tryAgainOnce, update);
  }

  private void run(Database database, FailurePolicy policy, UpdateDefinition update)
      throws Exception {
    try (var engine = engine(database, policy, update)) {
      engine.queue("numbers").steps();
    }
  }

  private Engine engine(Database database, FailurePolicy policy, UpdateDefinition update) {
    FailurePolicy noting =
        failure -> {
          failures.add(failure);
          return policy.after(failure);
        };
    return new Engine(
        database,
        new RunnerContext(script.controller(), new OneBean(), noting),
        job(inChunksOf(100, update)));
  }

  private FailurePolicy.Decision tryAgainOnce(Failure failure) {
    mend.run();
    return failure.attempt() == 1 ? new TryAgain() : new EndExecution(FailureKind.UNCLEAR);
  }

  private List<String> failed() {
    return failures.stream()
        .map(
            failure ->
                "%d: %s of %d".formatted(failure.attempt(), failure.sqlState(), failure.items()))
        .toList();
  }

  private static Read numbers() {
    return new Read.Table("numbers", key(), null);
  }

  private static List<String> key() {
    return List.of("id");
  }

  private static void assertCountedOnce(Database database) {
    assertThat(values(database)).containsExactly("1 in 250 rows");
  }

  private static List<@Nullable String> values(Database database) {
    return Rows.of(
        database, "SELECT n || ' in ' || count(*) || ' rows' FROM numbers GROUP BY n ORDER BY n");
  }

  /** The only execution's counts. */
  private static @Nullable String step(Database database) {
    var steps =
        Rows.of(
            database,
            """
            SELECT format('%s %s read %s filtered %s written %s commits %s rollbacks version %s',
                          status, read_count, filter_count, write_count, commit_count,
                          rollback_count, version)
              FROM undercurrent.batch_step_execution""");
    assertThat(steps).hasSize(1);
    return steps.get(0);
  }

  private static @Nullable String context(Database database, String entry) {
    return Rows.of(
            database,
            "SELECT short_context::json -> 'undercurrent.%s' ->> 1 FROM undercurrent.batch_step_execution_context"
                .formatted(entry))
        .get(0);
  }

  /** The test's bean for every name. */
  private final class OneBean implements Beans {

    @Override
    public <T> T get(String name, Class<T> type) {
      return type.cast(bean);
    }
  }

  /** Counts the rows that it sees, and keeps the count in the execution's context. */
  private static final class Counter implements ItemProcessor<Row, Row>, ItemStream {

    private long seen;

    @Override
    public void open(ExecutionContext context) {
      seen = context.getLong("undercurrent.seen", 0);
    }

    @Override
    public void update(ExecutionContext context) {
      context.putLong("undercurrent.seen", seen);
    }

    @Override
    public Row process(Row row) {
      seen++;
      return row;
    }
  }
}
