package io.undercurrent.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.controller.OnUpdate;
import io.undercurrent.database.Changelog;
import io.undercurrent.database.Database;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;

/**
 * The sample homeserver's statistics and directory, made by the jobs and by set-based SQL as one
 * would write it by hand for an empty directory: both end with the same rows.
 */
public final class HomeserverPeers {

  private static final Duration TARGET = Duration.ofMillis(100);
  private static final Pattern BETWEEN_STATEMENTS = Pattern.compile(";\\s*\\n\\s*(?=[A-Z])");
  private static final List<String> TABLES =
      List.of(
          "room_stats_state",
          "room_stats_current",
          "user_directory",
          "user_directory_search",
          "user_directory_stream_pos",
          "users_in_public_rooms",
          "users_who_share_private_rooms");

  private final Database database;

  /** How long the iterations of each update took. */
  private final Map<String, List<Duration>> iterations = new LinkedHashMap<>();

  private HomeserverPeers(Database database) {
    this.database = database;
  }

  /** Makes the sample in an empty database. */
  public static HomeserverPeers load(Database database, int rooms) {
    new SampleHomeserver(database).load(rooms, step -> {});
    database.prepare(Changelog.HOMESERVER);
    return new HomeserverPeers(database);
  }

  /** Has a homeserver without statistics and directory, as after a restart of the server. */
  public void reset() {
    TABLES.forEach(table -> Rows.run(database, "TRUNCATE " + table));
    Rows.run(database, "VACUUM", "CHECKPOINT");
    iterations.clear();
  }

  /** Keeps what is there now as what {@link #assertSame} expects. */
  public void keep() {
    for (var table : TABLES) {
      Rows.run(
          database,
          "DROP TABLE IF EXISTS expected_" + table,
          "CREATE TABLE expected_%1$s AS TABLE %1$s".formatted(table));
    }
  }

  public void assertSame() {
    for (var table : TABLES) {
      assertThat(Rows.of(database, "SELECT 1 FROM %s LIMIT 1".formatted(table))).isNotEmpty();
      assertThat(Rows.of(database, difference(table, "expected_" + table))).isEmpty();
      assertThat(Rows.of(database, difference("expected_" + table, table))).isEmpty();
    }
  }

  private static String difference(String one, String other) {
    return "SELECT CAST(d AS text) FROM (TABLE %s EXCEPT ALL TABLE %s LIMIT 10) AS d"
        .formatted(one, other);
  }

  public double statisticsBySql() {
    return seconds(() -> run("statistics"));
  }

  public double directoryBySql() {
    return seconds(() -> run("directory"));
  }

  public double statisticsByJob() throws InterruptedException {
    return byJob(JobRunner.STATISTICS);
  }

  public double directoryByJob() throws InterruptedException {
    return byJob(JobRunner.DIRECTORY);
  }

  /** How long the updates' iterations took since the last reset. */
  public Map<String, List<Duration>> iterations() {
    return iterations;
  }

  private double byJob(String job) throws InterruptedException {
    var before =
        number("SELECT coalesce(max(job_execution_id), 0) FROM undercurrent.batch_job_execution");
    JobRunner.ofSample(database).run(job, (update, name, oneShot) -> timed(update));
    return database
        .jdbc()
        .sql(
            """
            SELECT extract(epoch FROM max(end_time) - min(start_time))
              FROM undercurrent.batch_job_execution
             WHERE job_execution_id > ?""")
        .param(before)
        .query(Double.class)
        .single();
  }

  private OnUpdate.Iteration timed(String update) {
    return new OnUpdate.Iteration() {
      private long entered;

      @Override
      public Duration enter() {
        entered = System.nanoTime();
        return TARGET;
      }

      @Override
      public void exit(@Nullable Throwable failure) {
        iterations
            .computeIfAbsent(update, name -> new ArrayList<>())
            .add(Duration.ofNanos(System.nanoTime() - entered));
      }
    };
  }

  private void run(String script) {
    database
        .transactions()
        .executeWithoutResult(
            status -> {
              for (var statement : BETWEEN_STATEMENTS.split(sql(script))) {
                database
                    .jdbc()
                    .sql(statement.replaceFirst(";\\s*$", ""))
                    .param("server_name", SampleHomeserver.SERVER_NAME)
                    .param("sender", SampleHomeserver.APPSERVICE_SENDER)
                    .param(
                        "exclusive_users",
                        "^(?:%s)".formatted(SampleHomeserver.APPSERVICE_EXCLUSIVE_USERS))
                    .update();
              }
            });
  }

  private static String sql(String script) {
    try {
      return new ClassPathResource("sample/%s.sql".formatted(script)).getContentAsString(UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long number(String sql) {
    return database.jdbc().sql(sql).query(Long.class).single();
  }

  private static double seconds(Runnable work) {
    var start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }
}
