package io.undercurrent.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.undercurrent.admin.Http.Response;
import io.undercurrent.admin.metrics.Monitoring;
import io.undercurrent.admin.metrics.Promql;
import io.undercurrent.command.Operator;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Health and metrics over HTTP, from before the runner has begun until its update is complete. */
@PostgresTest
@TestMethodOrder(OrderAnnotation.class)
class ManagementTests {

  private static final String LIVENESS = "/actuator/health/liveness";
  private static final String READINESS = "/actuator/health/readiness";
  private static final String STATUS =
      "synapse_background_update_status{database_name=\"master\",server_name=\"\"}";
  private static final String COUNT = "{database=\"master\",update=\"count\"}";

  private static final String LOCK_WAIT = "{database=\"master\",reason=\"lock-wait\"}";
  private static final String REQUESTS = "undercurrent_http_requests_seconds_count";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern SERIES =
      Pattern.compile("^([a-z_0-9]+)(\\{.*})? ", Pattern.MULTILINE);
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

  /** The labels of each metric that there was at any time. */
  private static final Map<String, Set<String>> SCRAPED = new HashMap<>();

  private static RunningApplication application;

  @BeforeAll
  static void start(@TempDir Path home) throws IOException {
    application = new RunningApplication(home);
  }

  @AfterAll
  static void stop() {
    application.close();
  }

  @Test
  @Order(1)
  void isAliveButNotReadyBeforeTheRunnerHasBegun() throws IOException {
    assertThat(get(LIVENESS).status()).isEqualTo(200);
    assertThat(get(LIVENESS).body()).isEqualTo("{\"status\":\"UP\"}");
    assertThat(get(READINESS).status()).isEqualTo(503);
    assertThat(get(READINESS).body()).isEqualTo("{\"status\":\"OUT_OF_SERVICE\"}");
  }

  @Test
  @Order(2)
  void answersNothingElse() throws IOException {
    assertThat(get("/actuator/env").status()).isEqualTo(404);
    assertThat(get("/_synapse/admin/v1/background_updates/status").status()).isEqualTo(404);
    assertThat(application.http.send("GET", LIVENESS, List.of(), "").status()).isEqualTo(404);
    assertThat(application.management.send("POST", LIVENESS, List.of(), "").status())
        .isEqualTo(405);
  }

  @Test
  @Order(3)
  void tellsOfARunFromTheQueueToItsEnd() throws Exception {
    var updates = application.run();
    awaitStatus(3);
    assertThat(get(READINESS).status()).isEqualTo(200);

    updates.enable("master", false, Operator.ofThisProcess());
    awaitStatus(0);
    updates.start("master", "count");
    await().until(() -> value("undercurrent_state_seconds_total" + inState("waiting")) > 0);
    updates.enable("master", true, Operator.ofThisProcess());
    assertThat(updates.awaitIdle("master", Duration.ofSeconds(30))).isTrue();
    assertThat(updates.queue("master")).isEmpty();
    awaitStatus(3);

    var iterations =
        Rows.of(
                application.database,
                """
                SELECT short_context::jsonb -> 'undercurrent.iterations' ->> 1
                  FROM undercurrent.batch_step_execution_context""")
            .get(0);
    assertThat(value("undercurrent_items_total" + COUNT)).isEqualTo(250);
    assertThat(value("undercurrent_keys_walked_total" + COUNT)).isEqualTo(250);
    assertThat(value("undercurrent_keys_matching_total" + COUNT)).isEqualTo(250);
    assertThat(value("undercurrent_rows_changed_total" + COUNT)).isEqualTo(250);
    assertThat(value("undercurrent_failures_total" + COUNT)).isZero();
    assertThat(value("undercurrent_iteration_duration_seconds_count" + COUNT))
        .isEqualTo(Double.parseDouble(iterations.toString()))
        .isEqualTo(value("undercurrent_iteration_of_target_percent_count" + COUNT));
    assertThat(value("undercurrent_iteration_target_seconds" + COUNT)).isEqualTo(0.1);
    assertThat(value("undercurrent_chunk_size" + COUNT)).isGreaterThanOrEqualTo(100);
    assertThat(value("undercurrent_state_seconds_total" + inState("working"))).isPositive();
    assertThat(value("undercurrent_state_seconds_total" + inState("sleeping"))).isNotNegative();
    assertThat(value("undercurrent_lease_age_seconds{database=\"master\"}")).isBetween(0.0, 15.0);
    assertThat(value("undercurrent_iteration_of_target_percent_bucket" + upTo("50.0")))
        .isEqualTo(value("undercurrent_iteration_duration_seconds_bucket" + upTo("0.05")));
    assertThat(value("undercurrent_iteration_of_target_percent_bucket" + upTo("100.0")))
        .isEqualTo(value("undercurrent_iteration_duration_seconds_bucket" + upTo("0.1")));
    assertThat(get("/actuator/prometheus").body())
        .doesNotContain(application.token)
        .doesNotContainIgnoringCase("select", "halls");
  }

  @Test
  @Order(4)
  void countsFailuresAndShowsAQueueThatTheyStopAsAborted() throws IOException {
    Rows.run(application.database, "DROP TABLE rooms_of_halls");
    var updates = application.updates();
    updates.enable("master", false, Operator.ofThisProcess());
    updates.startUnchecked("master", "count_again", "to fail", Operator.ofThisProcess());
    Rows.run(
        application.database,
        "UPDATE undercurrent.runs SET failures_in_row = 4 WHERE ended_at IS NULL");
    updates.enable("master", true, Operator.ofThisProcess());

    awaitStatus(-1);

    assertThat(value("undercurrent_failures_total{database=\"master\",update=\"count_again\"}"))
        .isEqualTo(1);
    assertThat(get(LIVENESS).status()).isEqualTo(200);
    application.look();
    assertThat(value("undercurrent_given_up_updates{database=\"master\"}")).isEqualTo(1);
    assertThat(value("undercurrent_updates{database=\"master\",state=\"given-up\"}")).isEqualTo(1);
  }

  @Test
  @Order(5)
  void showsHowFarAnUpdateIsThatWaitsForALock() throws Exception {
    Rows.run(application.database, "ANALYZE halls");
    try (var other = application.database.connect("other");
        var statement = other.createStatement()) {
      statement.execute("BEGIN; SELECT FROM halls WHERE id = 150 FOR UPDATE");
      application.updates().start("master", "count");

      await().atMost(PATIENCE).until(() -> look("undercurrent_progress_ratio" + COUNT) > 0.3);
      await().atMost(PATIENCE).until(() -> look("undercurrent_held_updates" + LOCK_WAIT) == 1);
      scrape();
      statement.execute("ROLLBACK");
    }
    assertThat(application.updates().awaitIdle("master", PATIENCE)).isTrue();
    assertThat(look("undercurrent_held_updates" + LOCK_WAIT)).isNaN();
  }

  @Test
  @Order(6)
  void showsASignalThatHoldsAndForHowLongItDid() throws Exception {
    var signal = "{database=\"master\",signal=\"sql-probe\"}";
    var held = "{database=\"master\",reason=\"sql-probe\",update=\"count\"}";
    try (var other = application.database.connect("other");
        var statement = other.createStatement()) {
      // Else it may be complete before the next look at the signal.
      statement.execute("BEGIN; SELECT FROM halls WHERE id = 150 FOR UPDATE");
      Rows.run(application.database, "INSERT INTO suffering DEFAULT VALUES");
      application.updates().start("master", "count");

      await().atMost(PATIENCE).until(() -> look("undercurrent_hold" + signal) == 1);
      assertThat(value("undercurrent_signal_value" + signal)).isEqualTo(1);
      assertThat(value("undercurrent_signal_threshold" + signal)).isZero();
      assertThat(value("undercurrent_updates{database=\"master\",state=\"held\"}")).isEqualTo(1);
      scrape();
      statement.execute("ROLLBACK");
    }
    await()
        .atMost(PATIENCE)
        .until(() -> value("undercurrent_state_seconds_total" + inState("held")) > 0);
    Rows.run(application.database, "DELETE FROM suffering");

    assertThat(application.updates().awaitIdle("master", PATIENCE)).isTrue();
    assertThat(look("undercurrent_hold" + signal)).isNaN();
    await().atMost(PATIENCE).until(() -> value("undercurrent_held_seconds_total" + held) > 0);
  }

  @Test
  @Order(7)
  void countsRequestsAndRefusals() throws IOException {
    var status = "/_synapse/admin/v1/background_updates/status";
    application.http.send("GET", status, List.of("Authorization: Bearer x"), "");
    application.http.send("FOO", "/anything", List.of(), "");

    var path = "path=\"%s\"".formatted(status);
    assertThat(value(REQUESTS + "{method=\"GET\",%s,status=\"401\"}".formatted(path))).isEqualTo(1);
    assertThat(value(REQUESTS + "{method=\"other\",path=\"other\",status=\"404\"}")).isEqualTo(1);
    assertThat(value("undercurrent_http_refusals_total{%s,reason=\"token\"}".formatted(path)))
        .isEqualTo(1);
  }

  @Test
  @Order(8)
  void hasAllThatTheAlertRulesAndTheDashboardName() throws IOException {
    scrape();

    assertThat(
            Monitoring.expressions().stream()
                .flatMap(expression -> Promql.of(expression).missingIn(SCRAPED).stream()))
        .isEmpty();
  }

  private static void scrape() throws IOException {
    SERIES
        .matcher(get("/actuator/prometheus").body())
        .results()
        .forEach(
            series -> {
              var labels = SCRAPED.computeIfAbsent(series.group(1), name -> new HashSet<>());
              LABEL
                  .matcher(String.valueOf(series.group(2)))
                  .results()
                  .forEach(label -> labels.add(label.group(1)));
            });
  }

  private static double look(String series) throws IOException {
    application.look();
    return value(series);
  }

  private static void awaitStatus(int status) {
    await().atMost(PATIENCE).until(() -> value(STATUS) == status);
  }

  private static String inState(String state) {
    return "{database=\"master\",state=\"%s\",update=\"count\"}".formatted(state);
  }

  private static String upTo(String bound) {
    return "{database=\"master\",update=\"count\",le=\"%s\"}".formatted(bound);
  }

  private static double value(String series) throws IOException {
    return get("/actuator/prometheus")
        .body()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .map(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElse(Double.NaN);
  }

  private static Response get(String path) throws IOException {
    return application.management.send("GET", path, List.of(), "");
  }
}
