package io.undercurrent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.ShippedKinds;
import io.undercurrent.controller.Controller;
import io.undercurrent.controller.OnUpdate;
import io.undercurrent.database.Database;
import io.undercurrent.job.Jobs;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs the jobs of a directory on a database, as a homeserver of some name. */
final class JobRunner {

  static final String STATISTICS = "populate_stats_process_rooms";
  static final String DIRECTORY = "regenerate_directory";

  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final String SERVER_NAME = "undercurrent.homeserver.server-name";

  private final Database database;
  private final Jobs jobs;

  JobRunner(Database database, String serverName) {
    this(database, Path.of("jobs"), serverName);
  }

  JobRunner(Database database, Path directory, String serverName) {
    this(database, directory, Map.of(SERVER_NAME, serverName));
  }

  private JobRunner(Database database, Path directory, Map<String, Object> properties) {
    this.database = database;
    this.jobs = new Jobs(ShippedKinds.all(), directory, properties::get);
  }

  /** As a homeserver with one application service. */
  static JobRunner withAppservice(
      Database database, String serverName, String sender, String exclusiveUsers) {
    return new JobRunner(
        database,
        Path.of("jobs"),
        Map.of(
            SERVER_NAME,
            serverName,
            "undercurrent.homeserver.appservices[*].sender",
            List.of(sender),
            "undercurrent.homeserver.appservices[*].exclusive-users[*]",
            List.of(exclusiveUsers)));
  }

  /** As the sample homeserver. */
  static JobRunner ofSample(Database database) {
    return withAppservice(
        database,
        SampleHomeserver.SERVER_NAME,
        SampleHomeserver.APPSERVICE_SENDER,
        SampleHomeserver.APPSERVICE_EXCLUSIVE_USERS);
  }

  /** Runs a job to its end, through the engine. */
  void run(String job) throws InterruptedException {
    run(job, new ScriptedController());
  }

  /** Runs a job to its end, paced by a controller. */
  void run(String job, OnUpdate onUpdate) throws InterruptedException {
    try (var engine = engine(onUpdate)) {
      engine.updates.start(database.name(), job);
      finish(engine);
    }
  }

  /** What is wrong with a job, or slow. */
  List<String> check(String job) {
    try (var engine = engine(new ScriptedController())) {
      var report = engine.updates.check(database.name(), job);
      return Stream.concat(report.problems().stream(), report.warnings().stream()).toList();
    }
  }

  /** Works off what is queued. */
  void finish() throws InterruptedException {
    try (var engine = engine(new ScriptedController())) {
      finish(engine);
    }
  }

  private void finish(JobEngine engine) throws InterruptedException {
    engine.run().awaitEmptyQueue(LIMIT);
    assertThat(Rows.of(database, "SELECT warning FROM undercurrent.runs WHERE warning <> ''"))
        .isEmpty();
  }

  /** The engine, with chunks of 100 items until it knows better. */
  private JobEngine engine(OnUpdate onUpdate) {
    return new JobEngine(
        jobs,
        new Controller(onUpdate, (update, database) -> 100, (update, database) -> 100, "the test"),
        database);
  }

  /** An iteration that shall take some time, without sleep. */
  static OnUpdate.Iteration paced(Duration target) {
    return () -> target;
  }

  /** Has the statistics job write some rooms, without the engine around it. */
  void writeStatistics(List<String> rooms) {
    var definition = jobs.definition(STATISTICS).orElseThrow();
    var work = (ReadWrite) definition.definition().work();
    var write = ((Write.Statements) work.write()).statements().get(0).text();
    database
        .jdbc()
        .sql(
            write.replaceFirst(
                "^WITH", "WITH chunk (room_id) AS (SELECT unnest(CAST(:rooms AS text[]))),"))
        .param("rooms", rooms.toArray(String[]::new))
        .params(definition.job().values())
        .update();
  }
}
