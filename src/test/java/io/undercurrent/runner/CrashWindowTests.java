package io.undercurrent.runner;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerRepository;
import io.undercurrent.failure.QuarantineLimit;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.queue.Pauses;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Kills between two of a runner's transactions, which rarely happen by themselves. */
@PostgresTest
class CrashWindowTests {

  private static final JobParameters RUN_1 =
      new JobParametersBuilder().addLong("run", 1L).toJobParameters();

  private final ScriptedController script = new ScriptedController().target(Duration.ofNanos(1));

  @BeforeEach
  void createNumbers(Database database) {
    createTable(database, "numbers", 250);
  }

  @AfterEach
  void assertThatEveryRowWasCountedOnce(Database database) {
    assertThat(
            Rows.of(database, "SELECT n || ' in ' || count(*) || ' rows' FROM numbers GROUP BY n"))
        .containsExactly("1 in 250 rows");
  }

  @Test
  void startsAnInstanceWithoutAnyExecution(Database database) throws Exception {
    var engine = engine(database).queue("numbers");
    repository(database).createJobInstance("numbers", RUN_1);

    engine.finish();

    assertThat(executions(database)).containsExactly("COMPLETED");
  }

  @Test
  void startsAnExecutionThatHasNoStepYet(Database database) throws Exception {
    var engine = engine(database).queue("numbers");
    execution(repository(database));

    engine.finish();

    assertThat(executions(database)).containsExactly("FAILED", "COMPLETED");
    assertThat(positions(database)).containsExactly("[\"250\"]");
  }

  @Test
  void goesOnWhenItDiedBetweenTheExecutionAndTheStepOfARestart(Database database) throws Exception {
    stopAfterOneChunk(database);
    execution(repository(database));

    engine(database).finish();

    assertThat(executions(database)).containsExactly("STOPPED", "FAILED", "COMPLETED");
    assertThat(reads(database)).containsExactly("100", "150");
  }

  @Test
  void keepsThePositionOfARestartThatDiedBeforeItsFirstChunk(Database database) throws Exception {
    stopAfterOneChunk(database);
    var repository = repository(database);
    var restart = repository.createStepExecution("numbers", execution(repository));
    restart.setStatus(BatchStatus.STARTED);
    repository.update(restart);

    engine(database).finish();

    assertThat(executions(database)).containsExactly("STOPPED", "FAILED", "COMPLETED");
    assertThat(reads(database)).containsExactly("100", "0", "150");
    assertThat(positions(database)).containsExactly("[\"100\"]", "[\"100\"]", "[\"250\"]");
  }

  @Test
  void doesNotCountTheTimeThatADeadExecutionLay(Database database) throws Exception {
    stopAfterOneChunk(database);
    var repository = repository(database);
    var dead = repository.createStepExecution("numbers", execution(repository));
    dead.setStatus(BatchStatus.STARTED);
    repository.update(dead);
    Rows.run(
        database,
        "UPDATE undercurrent.batch_job_execution SET start_time = create_time - interval '3 h' WHERE status = 'STARTED'",
        "UPDATE undercurrent.batch_step_execution SET start_time = create_time - interval '3 h', last_updated = create_time - interval '2 h' WHERE status = 'STARTED'");

    engine(database).finish();

    assertThat(
            Rows.of(
                database,
                """
                SELECT date_trunc('minute', job.end_time - job.start_time + interval '1 s') || ' '
                       || date_trunc('minute', step.end_time - step.start_time + interval '1 s')
                  FROM undercurrent.batch_job_execution job
                  JOIN undercurrent.batch_step_execution step USING (job_execution_id)
                 WHERE job.status = 'FAILED'"""))
        .containsExactly("01:00:00 01:00:00");
  }

  @Test
  void completesARunWhoseStepWasComplete(Database database) throws Exception {
    engine(database).queue("numbers").finish();
    Rows.run(
        database,
        "UPDATE undercurrent.batch_job_execution SET status = 'STARTED', end_time = NULL");
    reopenTheRun(database);

    engine(database).finish();

    assertThat(executions(database)).containsExactly("FAILED", "COMPLETED");
    assertThat(reads(database)).containsExactly("250");
    assertThat(runs(database)).containsExactly("1 COMPLETED");
  }

  @Test
  void closesARunWhoseExecutionWasComplete(Database database) throws Exception {
    engine(database).queue("numbers").finish();
    reopenTheRun(database);

    engine(database).finish();

    assertThat(executions(database)).containsExactly("COMPLETED");
    assertThat(runs(database)).containsExactly("1 COMPLETED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"STARTED", "COMPLETED"})
  void saysThatRowsWerePutAsideWhenItDiedAfterThat(String job, Database database) throws Exception {
    Rows.run(database, "ALTER TABLE numbers ADD CONSTRAINT poison CHECK (id <> 150 OR n = 0)");
    var definition = counting("numbers", "numbers").with(new QuarantineLimit(1, null));
    engine(database, definition).queue("numbers").finish();
    Rows.run(
        database,
        "UPDATE undercurrent.batch_job_execution SET status = '%1$s', exit_code = CASE '%1$s' WHEN 'STARTED' THEN 'UNKNOWN' ELSE exit_code END"
            .formatted(job));
    reopenTheRun(database);

    engine(database, definition).finish();

    assertThat(
            Rows.of(
                database,
                "SELECT concat_ws('; ', status, exit_code, warning, quarantine_count) FROM undercurrent.update_history"))
        .containsExactly(
            "COMPLETED; COMPLETED WITH QUARANTINE; 1 row was put into quarantine. See what is left there with: quarantine numbers; 1");
    Rows.run(database, "ALTER TABLE numbers DROP CONSTRAINT poison", "UPDATE numbers SET n = 1");
  }

  @Test
  void restartsWhatEndedUnknown(Database database) throws Exception {
    stopAfterOneChunk(database);
    Rows.run(
        database,
        "UPDATE undercurrent.batch_job_execution SET status = 'UNKNOWN'",
        "UPDATE undercurrent.batch_step_execution SET status = 'UNKNOWN'");

    engine(database).finish();

    assertThat(executions(database)).containsExactly("FAILED", "COMPLETED");
    assertThat(reads(database)).containsExactly("100", "150");
  }

  private Engine engine(Database database) {
    return engine(database, counting("numbers", "numbers"));
  }

  private Engine engine(Database database, UpdateDefinition definition) {
    return new Engine(database, script.controller(), job(definition));
  }

  private void stopAfterOneChunk(Database database) throws InterruptedException {
    var pauses = new Pauses(database);
    script.atIteration(2, () -> pauses.add("numbers", null, "the test", null));
    try (var engine = engine(database)) {
      engine.queue("numbers").steps();
    }
    assertThat(executions(database)).containsExactly("STOPPED");
    assertThat(reads(database)).containsExactly("100");
    pauses.remove("numbers");
  }

  private static JobRepository repository(Database database) {
    var settings = database.settings();
    var dataSource =
        new DriverManagerDataSource(settings.url(), String.valueOf(settings.username()), "");
    return RunnerRepository.create(dataSource, new JdbcTransactionManager(dataSource));
  }

  /** What the operator inserts before it hands the job over to its thread. */
  private static JobExecution execution(JobRepository repository) {
    var instance = repository.getJobInstance("numbers", RUN_1);
    var execution =
        repository.createJobExecution(
            instance == null ? repository.createJobInstance("numbers", RUN_1) : instance,
            RUN_1,
            new ExecutionContext());
    execution.setStatus(BatchStatus.STARTED);
    repository.update(execution);
    return execution;
  }

  private static void reopenTheRun(Database database) {
    Rows.run(
        database,
        "UPDATE undercurrent.runs SET ended_at = NULL, outcome = NULL",
        "INSERT INTO undercurrent.background_updates (update_name) VALUES ('numbers')");
  }

  private static List<@Nullable String> executions(Database database) {
    return Rows.of(
        database, "SELECT status FROM undercurrent.batch_job_execution ORDER BY job_execution_id");
  }

  private static List<@Nullable String> reads(Database database) {
    return Rows.of(
        database,
        "SELECT read_count FROM undercurrent.batch_step_execution ORDER BY step_execution_id");
  }

  private static List<@Nullable String> positions(Database database) {
    return Rows.of(
        database,
        """
        SELECT short_context::json ->> 'undercurrent.position'
          FROM undercurrent.batch_step_execution_context
         ORDER BY step_execution_id""");
  }

  private static List<@Nullable String> runs(Database database) {
    return Rows.of(database, "SELECT run || ' ' || outcome FROM undercurrent.runs");
  }
}
