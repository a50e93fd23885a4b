package io.undercurrent.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.undercurrent.admin.Http.Response;
import io.undercurrent.admin.http.RequestBody;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of the reference's tables, over HTTP against the running application. */
@PostgresTest
class AdminApiTests {

  private static final String STATUS = "/_synapse/admin/v1/background_updates/status";
  private static final String ENABLED = "/_synapse/admin/v1/background_updates/enabled";
  private static final String START_JOB = "/_synapse/admin/v1/background_updates/start_job";

  private static final String UNRECOGNIZED =
      "{\"errcode\":\"M_UNRECOGNIZED\",\"error\":\"Unrecognized request\"}";
  private static final String UNKNOWN_TOKEN =
      "{\"errcode\":\"M_UNKNOWN_TOKEN\",\"error\":\"Invalid access token passed.\",\"soft_logout\":false}";
  private static final String NOT_ADMIN =
      "{\"errcode\":\"M_FORBIDDEN\",\"error\":\"You are not a server admin\"}";
  private static final String NOT_JSON =
      "{\"errcode\":\"M_NOT_JSON\",\"error\":\"Content not JSON.\"}";
  private static final String BAD_JSON =
      "{\"errcode\":\"M_BAD_JSON\",\"error\":\"Content must be a JSON object.\"}";
  private static final String NOT_BOOLEAN =
      "{\"errcode\":\"M_UNKNOWN\",\"error\":\"'enabled' parameter must be a boolean\"}";
  private static final String INVALID_JOB =
      "{\"errcode\":\"M_UNKNOWN\",\"error\":\"Invalid job_name\"}";

  /** For how long a slow sender tries. */
  private static final Duration DRIPPING = TimeLimitedHttp.LONGEST.plusSeconds(5);

  private static RunningApplication application;

  @BeforeAll
  static void start(@TempDir Path home) throws IOException {
    application = new RunningApplication(home);
  }

  @AfterAll
  static void stop() {
    application.close();
  }

  @AfterEach
  void emptyTheQueue() throws IOException {
    // Has the next request look anew, whatever was answered just now.
    post(ENABLED, "{}");
    Rows.run(
        application.database,
        "DELETE FROM undercurrent.background_updates",
        "DELETE FROM undercurrent.pauses",
        "DELETE FROM undercurrent.actions",
        """
        UPDATE undercurrent.lease
           SET enabled = true, current_update = NULL, owner = NULL, owner_id = NULL""",
        "UPDATE undercurrent.runs SET ended_at = now(), outcome = 'CANCELLED' WHERE ended_at IS NULL");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /",
    "GET, /_synapse/admin/v1/background_updates",
    "GET, " + STATUS + "/",
    "GET, /_synapse/admin/v1/background_updates/Status",
    "POST, " + ENABLED + "/",
    "GET, /_synapse/admin/v1//background_updates/status",
    "GET, " + STATUS + ";a=b",
    "GET, /_synapse/admin/v1/background_updates/%73tatus",
    "DELETE, /x",
    "GET, /x/../" + STATUS
  })
  void doesNotKnowOtherPathsWhoeverAsks(String method, String path) throws IOException {
    assertAnswer(application.http.send(method, path, List.of(), ""), 404, UNRECOGNIZED);
    assertAnswer(
        application.http.send(method, path, bearer(application.token), ""), 404, UNRECOGNIZED);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, " + STATUS, "PUT, " + STATUS, "DELETE, " + STATUS, "PATCH, " + ENABLED,
    "PUT, " + ENABLED, "GET, " + START_JOB, "TRACE, " + STATUS, "FOO, " + START_JOB
  })
  void refusesOtherMethodsWhoeverAsks(String method, String path) throws IOException {
    var answer = application.http.send(method, path, List.of(), "");

    assertAnswer(answer, 405, UNRECOGNIZED);
    assertThat(answer.values("Allow")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {STATUS, ENABLED, START_JOB, "/anything", "*"})
  void answersOptionsToEverybody(String path) throws IOException {
    var answer = application.http.send("OPTIONS", path, List.of(), "");

    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.values("Content-Length")).containsExactly("0");
    assertThat(answer.values("Content-Type")).isEmpty();
    assertAllowsOtherOrigins(answer);
  }

  static Stream<Arguments> credentials() {
    var missing = "{\"errcode\":\"M_MISSING_TOKEN\",\"error\":\"%s\"}";
    var none = missing.formatted("Missing access token");
    var invalid = missing.formatted("Invalid Authorization header.");
    var mixing =
        missing.formatted("Mixing Authorization headers and access_token query parameters.");
    var many = missing.formatted("Too many Authorization headers.");
    var expired =
        "{\"errcode\":\"M_UNKNOWN_TOKEN\",\"error\":\"Access token has expired\",\"soft_logout\":true}";
    var guest = "{\"errcode\":\"M_GUEST_ACCESS_FORBIDDEN\",\"error\":\"Guest access not allowed\"}";
    return Stream.of(
        Arguments.of("", List.of(), 401, none),
        Arguments.of("?other=1", List.of(), 401, none),
        Arguments.of("", List.of("Authorization: Basic dTpw"), 401, invalid),
        Arguments.of("", List.of("Authorization: bearer tok-admin"), 401, invalid),
        Arguments.of("", List.of("Authorization: BEARER tok-admin"), 401, invalid),
        Arguments.of("", List.of("Authorization: tok-admin"), 401, invalid),
        Arguments.of("", List.of("Authorization:"), 401, invalid),
        Arguments.of("", List.of("Authorization: Bearer"), 401, invalid),
        Arguments.of("", List.of("Authorization: Bearer  tok-admin"), 401, invalid),
        Arguments.of("", List.of("Authorization: Bearer tok-admin more"), 401, invalid),
        Arguments.of("?access_token=tok-admin", bearer("tok-admin"), 401, mixing),
        Arguments.of("?access_token=tok-admin", List.of("Authorization: x"), 401, mixing),
        Arguments.of(
            "",
            List.of("Authorization: Bearer tok-admin", "Authorization: Bearer tok-admin"),
            401,
            many),
        Arguments.of("", bearer("tok-nobody"), 401, UNKNOWN_TOKEN),
        Arguments.of("?access_token=", List.of(), 401, UNKNOWN_TOKEN),
        Arguments.of("?access_token=tok%00", List.of(), 401, UNKNOWN_TOKEN),
        Arguments.of("?access_token=%ff%fe", List.of(), 401, UNKNOWN_TOKEN),
        Arguments.of("?access_token=%zz", List.of(), 401, UNKNOWN_TOKEN),
        Arguments.of(
            "", bearer("tok-'; DROP TABLE users; --".replace(" ", "")), 401, UNKNOWN_TOKEN),
        Arguments.of("", bearer("TOK-ADMIN"), 401, UNKNOWN_TOKEN),
        Arguments.of("", bearer(RunningApplication.STRAY), 401, UNKNOWN_TOKEN),
        Arguments.of("", bearer(RunningApplication.EXPIRED), 401, expired),
        Arguments.of("", bearer(RunningApplication.GUEST), 403, guest),
        Arguments.of("", bearer(RunningApplication.PLAIN), 403, NOT_ADMIN),
        Arguments.of("?access_token=tok-plain", List.of(), 403, NOT_ADMIN),
        Arguments.of("", bearer("tok-admin-as-plain"), 403, NOT_ADMIN));
  }

  @ParameterizedTest
  @MethodSource("credentials")
  void letsNobodyInWithout(String query, List<String> headers, int status, String body)
      throws IOException {
    assertAnswer(application.http.send("GET", STATUS + query, headers, ""), status, body);
    // Before it looks at the body.
    assertAnswer(application.http.send("POST", START_JOB + query, headers, "{"), status, body);
  }

  @ParameterizedTest
  @ValueSource(strings = {RunningApplication.ADMIN, "tok-later", "tok-plain-as-admin", "own"})
  void letsAdminsIn(String name) throws IOException {
    var token = name.equals("own") ? application.token : name;

    assertAnswer(get(STATUS, bearer(token)), 200, "{\"enabled\":true,\"current_updates\":{}}");
    assertAnswer(get(ENABLED + "?access_token=" + token, List.of()), 200, "{\"enabled\":true}");
    assertAnswer(
        get(ENABLED + "?x&access%5ftoken=" + token + "&y", List.of()), 200, "{\"enabled\":true}");
  }

  @Test
  void keepsLockedUsersOut() throws IOException {
    var locked =
        "{\"errcode\":\"M_USER_LOCKED\",\"error\":\"User account has been locked\",\"soft_logout\":true}";
    var expired =
        "{\"errcode\":\"M_UNKNOWN_TOKEN\",\"error\":\"Access token has expired\",\"soft_logout\":true}";
    Rows.run(
        application.database,
        "ALTER TABLE users ADD COLUMN locked boolean",
        "UPDATE users SET locked = true WHERE name IN ('@admin:a.test', '@guest:a.test')");
    try {
      assertAnswer(get(ENABLED, bearer(RunningApplication.ADMIN)), 401, locked);
      assertAnswer(get(ENABLED, bearer("tok-plain-as-admin")), 401, locked);
      assertAnswer(get(ENABLED, bearer(RunningApplication.GUEST)), 401, locked);
      assertAnswer(get(ENABLED, bearer(RunningApplication.EXPIRED)), 401, expired);
      assertAnswer(get(ENABLED, bearer(RunningApplication.PLAIN)), 403, NOT_ADMIN);

      Rows.run(application.database, "UPDATE users SET locked = false");

      assertAnswer(get(ENABLED, bearer(RunningApplication.ADMIN)), 200, "{\"enabled\":true}");
    } finally {
      Rows.run(application.database, "ALTER TABLE users DROP COLUMN locked");
    }
  }

  @Test
  void takesNoTokensOfAHomeserverThatHasAnotherServiceCheckThem() throws IOException {
    Rows.run(
        application.database,
        "CREATE TABLE user_external_ids (auth_provider text, external_id text, user_id text)",
        "INSERT INTO user_external_ids VALUES ('oidc-google', '1', '@admin:a.test')");
    assertAnswer(get(ENABLED, bearer(RunningApplication.ADMIN)), 200, "{\"enabled\":true}");
    try (var log = new ServerLog()) {
      Rows.run(
          application.database,
          "INSERT INTO user_external_ids VALUES ('oauth-delegated', '01J', '@admin:a.test')");

      assertAnswer(get(ENABLED, bearer(RunningApplication.ADMIN)), 401, UNKNOWN_TOKEN);
      assertAnswer(get(ENABLED, bearer("tok-nobody")), 401, UNKNOWN_TOKEN);
      assertAnswer(get(ENABLED, bearer(application.token)), 200, "{\"enabled\":true}");
      assertThat(log.events())
          .extracting(ILoggingEvent::getFormattedMessage)
          .filteredOn(message -> message.startsWith("The homeserver of"))
          .containsExactly(
              "The homeserver of master has another service check its access tokens, so undercurrent.admin.homeserver-tokens lets nobody in. Make tokens with: token create LABEL");
    } finally {
      Rows.run(application.database, "DROP TABLE user_external_ids");
    }
    assertAnswer(get(ENABLED, bearer(RunningApplication.ADMIN)), 200, "{\"enabled\":true}");
  }

  @Test
  void knowsTheTokensOfARealHomeserver() throws Exception {
    var oracle = Path.of("..", "shared", "homeserver-oracle", "input");
    assumeTrue(Files.isDirectory(oracle), "no homeserver oracle in " + oracle);
    application.copy(oracle.resolve("users.csv"), "users");
    application.copy(oracle.resolve("access_tokens.csv"), "access_tokens");

    assertAnswer(get(ENABLED, bearer("tok-2-admin")), 200, "{\"enabled\":true}");
    assertAnswer(get(ENABLED, bearer("tok-3-alice")), 403, NOT_ADMIN);
    assertThat(Rows.of(application.database, "SELECT count(*) FROM access_tokens WHERE used"))
        .as("the homeserver's tables are left alone")
        .isEqualTo(usedIn(oracle.resolve("access_tokens.csv")));
  }

  private static List<String> usedIn(Path csv) throws IOException {
    return List.of(
        String.valueOf(Files.readAllLines(csv).stream().filter(row -> row.endsWith(",t")).count()));
  }

  static Stream<Arguments> bodies() {
    return Stream.of(
        Arguments.of("", NOT_JSON),
        Arguments.of(" ", NOT_JSON),
        Arguments.of("{", NOT_JSON),
        Arguments.of("{\"enabled\":true,}", NOT_JSON),
        Arguments.of("{'enabled':true}", NOT_JSON),
        Arguments.of("{\"enabled\":True}", NOT_JSON),
        Arguments.of("{\"enabled\":true} x", NOT_JSON),
        Arguments.of("{}{}", NOT_JSON),
        Arguments.of("{\"a\":NaN}", NOT_JSON),
        Arguments.of("{\"a\":Infinity}", NOT_JSON),
        Arguments.of("{\"a\":-Infinity}", NOT_JSON),
        Arguments.of("{\"a\":01}", NOT_JSON),
        Arguments.of("{\"a\":\"\n\"}", NOT_JSON),
        Arguments.of("\uFEFF{}", NOT_JSON),
        Arguments.of("enabled=true", NOT_JSON),
        Arguments.of("[".repeat(30_000), NOT_JSON),
        Arguments.of("[]", BAD_JSON),
        Arguments.of("null", BAD_JSON),
        Arguments.of("true", BAD_JSON),
        Arguments.of("1", BAD_JSON),
        Arguments.of("\"enabled\"", BAD_JSON));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void refusesWhatIsNoJsonObject(String body, String answer) throws IOException {
    assertAnswer(post(ENABLED, body), 400, answer);
    assertAnswer(post(START_JOB, body), 400, answer);
  }

  @Test
  void refusesJsonInAnotherEncoding() throws IOException {
    var latin1 = "{\"job_name\":\"\u00e9\"}".getBytes(ISO_8859_1);
    var utf16 = "{}".getBytes(java.nio.charset.StandardCharsets.UTF_16LE);

    for (var bytes : List.of(latin1, utf16)) {
      var answer = application.http.send("POST", ENABLED, bearer(application.token), bytes);
      assertAnswer(answer, 400, NOT_JSON);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "0",
        "1",
        "1.0",
        "\"true\"",
        "[]",
        "{}",
        "[true]",
        "1e999",
        "true,\"enabled\":1"
      })
  void refusesAnEnabledThatIsNoBoolean(String value) throws IOException {
    assertAnswer(post(ENABLED, "{\"enabled\":%s}".formatted(value)), 400, NOT_BOOLEAN);
  }

  @Test
  void refusesToStartWithoutAName() throws IOException {
    var answer = "{\"errcode\":\"M_MISSING_PARAM\",\"error\":\"Missing params: ['job_name']\"}";

    assertAnswer(post(START_JOB, "{}"), 400, answer);
    assertAnswer(post(START_JOB, "{\"Job_name\":\"count\"}"), 400, answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "1",
        "true",
        "[\"count\"]",
        "{}",
        "\"\"",
        "\"COUNT\"",
        "\"count \"",
        "\"nothing\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"count.yaml\"",
        "\"../count\"",
        "\"count\",\"job_name\":1"
      })
  void refusesToStartWhatIsNoJob(String name) throws IOException {
    assertAnswer(post(START_JOB, "{\"job_name\":%s}".formatted(name)), 400, INVALID_JOB);
  }

  @Test
  void doesNotKnowTheJobThatLaterHomeserversDoThemselves() throws IOException {
    var body = "{\"job_name\":\"event_resign\",\"old_key_id\":\"ed25519:a\",\"before_ts\":1}";

    assertAnswer(post(START_JOB, body), 400, INVALID_JOB);
  }

  @Test
  void startsAJobOnce() throws IOException {
    var queued =
        "{\"errcode\":\"M_UNKNOWN\",\"error\":\"Job count is already in queue of background updates.\"}";

    assertAnswer(post(START_JOB, "{\"job_name\":\"count\"}"), 200, "{}");
    assertAnswer(post(START_JOB, "{\"job_name\":\"count\"}"), 400, queued);

    assertThat(queue()).containsExactly("count");
  }

  @Test
  void startsNoJobWhoseCheckFindsProblems() throws IOException {
    Rows.run(application.database, "ALTER TABLE halls RENAME TO rooms_again");

    var answer = post(START_JOB, "{\"job_name\":\"count\"}");

    Rows.run(application.database, "ALTER TABLE rooms_again RENAME TO halls");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body())
        .startsWith(
            "{\"errcode\":\"M_UNKNOWN\",\"error\":\"Job 'count' cannot be started on 'master':\\n")
        .contains("relation \\\"halls\\\" does not exist (SQLSTATE 42P01)");
    assertThat(queue()).isEmpty();
  }

  @Test
  void waitsForAJobWhoseStartTakesMoreThanASecond() throws Exception {
    try (var other = application.database.connect("test");
        var statement = other.createStatement()) {
      statement.execute("BEGIN; LOCK TABLE undercurrent.background_updates");
      var end = new Thread(() -> execute(statement, "SELECT pg_sleep(1.2); COMMIT"));
      end.start();

      assertAnswer(post(START_JOB, "{\"job_name\":\"count\"}"), 200, "{}");

      end.join();
    }
    assertThat(queue()).containsExactly("count");
  }

  private static void execute(Statement statement, String sql) {
    try {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void startsNoJobThatTheHomeserverHasQueuedItself() throws IOException {
    Rows.run(application.database, "INSERT INTO public.background_updates VALUES ('count', '{}')");

    var answer = post(START_JOB, "{\"job_name\":\"count\"}");

    Rows.run(application.database, "DELETE FROM public.background_updates");
    assertAnswer(
        answer,
        400,
        "{\"errcode\":\"M_UNKNOWN\",\"error\":\"Job count is already in queue of background updates.\"}");
    assertThat(queue()).isEmpty();
  }

  @Test
  void takesTheLastOfSeveralValuesAndIgnoresTheRest() throws IOException {
    var headers =
        List.of(
            "Authorization: Bearer " + application.token,
            "Content-Type: application/x-www-form-urlencoded",
            "Accept: image/png;;");
    var body =
        " {\"job_name\": \"nothing\", \"x\": [1e999, \"\\ud800\"], \"job_name\": \"count\"}\r\n";

    assertAnswer(application.http.send("POST", START_JOB, headers, body), 200, "{}");

    assertThat(queue()).containsExactly("count");
  }

  @Test
  void startsAJobWhileUpdatesAreDisabled() throws IOException {
    post(ENABLED, "{\"enabled\":false}");

    assertAnswer(post(START_JOB, "{\"job_name\":\"count\"}"), 200, "{}");
    assertAnswer(get(STATUS), 200, "{\"enabled\":false,\"current_updates\":{}}");
  }

  @Test
  void disablesAndEnables() throws IOException {
    assertAnswer(post(ENABLED, "{\"enabled\":false}"), 200, "{\"enabled\":false}");
    assertAnswer(get(ENABLED), 200, "{\"enabled\":false}");
    assertAnswer(post(ENABLED, "{\"enabled\":true}"), 200, "{\"enabled\":true}");
    assertAnswer(get(ENABLED), 200, "{\"enabled\":true}");
    post(ENABLED, "{\"enabled\":false}");
    assertAnswer(post(ENABLED, "{\"other\":1}"), 200, "{\"enabled\":true}");
    assertAnswer(get(ENABLED), 200, "{\"enabled\":true}");
  }

  @Test
  void readsFalseWhileAPauseOfAllHoldsAndLiftsIt() throws IOException {
    application.updates().pause("master", null, "backup", "me", null);

    // Answers are up to a quarter of a second old.
    await().untilAsserted(() -> assertAnswer(get(ENABLED), 200, "{\"enabled\":false}"));
    assertAnswer(post(ENABLED, "{}"), 200, "{\"enabled\":true}");
    assertAnswer(get(ENABLED), 200, "{\"enabled\":true}");
  }

  @ParameterizedTest
  @ValueSource(strings = {STATUS, ENABLED})
  void answersHeadAsGetWithoutBody(String path) throws IOException {
    var get = get(path);
    var head = application.http.send("HEAD", path, bearer(application.token), "");

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(withoutDate(head)).isEqualTo(withoutDate(get));
  }

  @Test
  void refusesHeadWhereThereIsNoGet() throws IOException {
    var answer = application.http.send("HEAD", START_JOB, bearer(application.token), "");

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.body()).isEmpty();
  }

  private static List<String> withoutDate(Response response) {
    return response.headers().stream().filter(header -> !header.startsWith("Date:")).toList();
  }

  @Test
  void showsWhatRunsWithTheNumbersOfItsRun() throws IOException {
    Rows.run(application.database, "ALTER TABLE rooms_of_halls ADD CHECK (n = 0 OR id <> 220)");
    post(START_JOB, "{\"job_name\":\"count_again\"}");
    try (var updates = application.run()) {
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(
              () ->
                  assertThat(get(STATUS).body())
                      .matches(
                          "\\{\"enabled\":true,\"current_updates\":\\{\"master\":\\{"
                              + "\"name\":\"count_again\",\"total_item_count\":[1-9]\\d*,"
                              + "\"total_duration_ms\":\\d+\\.\\d+,"
                              + "\"average_items_per_ms\":\\d+\\.\\d+\\}\\}\\}"));
    }
  }

  @Test
  void showsAnUpdateBeforeItsFirstIteration() throws IOException {
    post(START_JOB, "{\"job_name\":\"count\"}");
    pretendThatARunnerWorks();

    assertAnswer(
        get(STATUS),
        200,
        "{\"enabled\":true,\"current_updates\":{\"master\":{\"name\":\"count\",\"total_item_count\":0,\"total_duration_ms\":0.0,\"average_items_per_ms\":null}}}");
  }

  private static void pretendThatARunnerWorks() {
    Rows.run(
        application.database,
        """
        UPDATE undercurrent.lease
           SET owner = 'pid 1 on db-host', owner_id = 'stranger', acquired_at = clock_timestamp(),
               renewed_at = clock_timestamp(), expires_at = clock_timestamp() + interval '1 hour'""");
  }

  @Test
  void showsNothingThatHasNotBegunAgain() throws Exception {
    post(START_JOB, "{\"job_name\":\"count\"}");
    try (var updates = application.run()) {
      assertThat(updates.awaitIdle("master", Duration.ofMinutes(1))).isTrue();
      assertThat(queue()).isEmpty();
      post(ENABLED, "{\"enabled\":false}");

      assertAnswer(post(START_JOB, "{\"job_name\":\"count\"}"), 200, "{}");

      assertAnswer(get(STATUS), 200, "{\"enabled\":false,\"current_updates\":{}}");
    }
  }

  @Test
  void triesGivenUpUpdatesAgainWhenItEnables() throws IOException {
    post(START_JOB, "{\"job_name\":\"count\"}");
    Rows.run(
        application.database,
        "UPDATE undercurrent.runs SET failures_in_row = 5, given_up_at = now() WHERE ended_at IS NULL");

    assertAnswer(post(ENABLED, "{\"enabled\":true}"), 200, "{\"enabled\":true}");

    assertThat(
            Rows.of(
                application.database,
                "SELECT concat_ws('|', failures_in_row, given_up_at) FROM undercurrent.runs WHERE ended_at IS NULL"))
        .containsExactly("0");
    assertThat(
            Rows.of(
                application.database,
                "SELECT concat_ws('|', operator, action, subject, before) FROM undercurrent.actions ORDER BY id"))
        .contains("deploy|retry|count|failures in a row: 5");
  }

  @Test
  void runsAJobToItsEnd() throws Exception {
    post(START_JOB, "{\"job_name\":\"count\"}");
    try (var updates = application.run()) {
      assertThat(updates.awaitIdle("master", Duration.ofMinutes(1))).isTrue();
      assertThat(queue()).isEmpty();
    }

    assertAnswer(get(STATUS), 200, "{\"enabled\":true,\"current_updates\":{}}");
    assertThat(Rows.of(application.database, "SELECT DISTINCT n FROM halls")).containsExactly("1");
  }

  @Test
  void recordsWhoChangedWhat() throws IOException {
    post(START_JOB, "{\"job_name\":\"count\"}");
    var headers = new ArrayList<>(bearer(RunningApplication.ADMIN));
    headers.add("X-Forwarded-For: 203.0.113.9");
    application.http.send("POST", ENABLED, headers, "{\"enabled\":false}");
    post(START_JOB, "{\"job_name\":\"nothing\"}");

    assertThat(
            Rows.of(
                application.database,
                """
                SELECT concat_ws('|', operator, came_by, address, action, subject, before, after)
                  FROM undercurrent.actions
                 ORDER BY id"""))
        .containsExactly(
            "deploy|token|127.0.0.1|start|count|queued count",
            "@admin:a.test|homeserver|127.0.0.1|enable|true|false");
  }

  @Test
  void takesBodiesOf64KibAndNoMore() throws IOException {
    var most = "{\"enabled\":true,\"x\":\"%s\"}";
    var filler = RequestBody.MOST_BYTES - most.length() + 2;

    var fits = post(ENABLED, most.formatted("x".repeat(filler)));
    var tooLarge = post(ENABLED, most.formatted("x".repeat(filler + 1)));
    var chunked = postChunked(ENABLED, most.formatted("x".repeat(filler + 1)));

    assertAnswer(fits, 200, "{\"enabled\":true}");
    var answer = "{\"errcode\":\"M_TOO_LARGE\",\"error\":\"Content larger than 64 KiB.\"}";
    assertAnswer(tooLarge, 413, answer);
    assertAnswer(chunked, 413, answer);
  }

  private static Response postChunked(String path, String body) throws IOException {
    var request =
        "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
            .formatted(path, application.token, body.length(), body);
    return application.http.send(request.getBytes(UTF_8));
  }

  @Test
  void takesNoNoticeOfABodyThatItDoesNotAskFor() throws IOException {
    var token = bearer(application.token);

    assertAnswer(
        application.http.send("GET", ENABLED, token, "{\"enabled\":false"),
        200,
        "{\"enabled\":true}");
    assertThat(application.http.send("HEAD", ENABLED, token, "x").status()).isEqualTo(200);
  }

  @Test
  void bidsWhoWaitsForThatToGoOn() throws IOException {
    var headers = List.of(bearer(application.token).get(0), "Expect: 100-continue");

    assertAnswer(application.http.send("POST", ENABLED, headers, "{}"), 200, "{\"enabled\":true}");
  }

  @ParameterizedTest
  @Tag("faults")
  @ValueSource(
      strings = {
        "GET /_synapse/admin",
        "GET /x HTTP/1.1\r\nHost: x\r\nX-",
        "POST " + START_JOB + " HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"
      })
  void cutsOffWhoStopsInTheMiddle(String beginning) throws IOException {
    // The client waits for 30 s, and would throw if nobody hung up on it.
    var answer = application.http.sendPart(beginning.getBytes(ISO_8859_1));

    assertThat(answer.status()).isIn(0, 400, 401);
  }

  @Test
  @Tag("faults")
  void saysSoToWhoStopsInTheMiddleOfABody() throws IOException {
    var beginning =
        "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nAuthorization: Bearer %s\r\n\r\n{"
            .formatted(ENABLED, application.token);

    var answer = application.http.sendPart(beginning.getBytes(ISO_8859_1));

    assertAnswer(answer, 408, "{\"errcode\":\"M_UNKNOWN\",\"error\":\"Content came too slowly.\"}");
  }

  @Test
  @Tag("faults")
  void cutsOffWhoSendsAByteNowAndThen() throws IOException {
    var post = "POST " + ENABLED + " HTTP/1.1\r\nHost: x\r\n";
    var known = "Authorization: Bearer " + application.token + "\r\n";
    var dripping =
        List.of(
            dripAsync("\r\n", "\r\n"),
            dripAsync("GET /", "x"),
            dripAsync("GET /x HTTP/1.1\r\nHost: x\r\nX: ", "x"),
            dripAsync(post + "Content-Length: 60000\r\n\r\n", "x"),
            dripAsync(post + known + "Content-Length: 60000\r\n\r\n", "x"),
            dripAsync(post + "Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"));

    assertThat(dripping)
        .extracting(CompletableFuture::join)
        .allSatisfy(took -> assertThat(took).isLessThan(DRIPPING));
    assertAnswer(get(ENABLED), 200, "{\"enabled\":true}");
  }

  private static CompletableFuture<Duration> dripAsync(String beginning, String drop) {
    return CompletableFuture.supplyAsync(
        () -> application.http.drip(beginning.getBytes(UTF_8), drop.getBytes(UTF_8), DRIPPING),
        task -> new Thread(task).start());
  }

  @Test
  void bearsAFlood() throws Exception {
    new Flood(application).pour(Duration.ofSeconds(1));
  }

  @Test
  @Tag("faults")
  void bearsALongFlood() throws Exception {
    new Flood(application).pour(Duration.ofSeconds(30));
  }

  @Test
  void answersDocumentedThingsToAnything() throws IOException {
    fuzz(300);
  }

  @Test
  @Tag("faults")
  void answersDocumentedThingsToThousands() throws IOException {
    fuzz(5_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET " + STATUS + "?access_token=TOKEN|\\ HTTP/1.1\r\n\r\n",
        "GET " + STATUS + "?access_token=TOKEN HTTP/1.1\r\nHost: x|y z\r\n\r\n",
        "GET " + STATUS + " HTTP/1.1\r\nAuthorization : Bearer TOKEN|\r\n\r\n",
        "GET " + STATUS + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer TOKEN|\u0001\r\n\r\n"
      })
  void keepsTokensOfBrokenRequestsOutOfTheLog(String request) throws Exception {
    var parts = request.replace("TOKEN", application.token).split("\\|");
    try (var log = new ServerLog()) {
      // Tomcat logs only the first for each of the requests that it handles at once.
      var sockets = new ArrayList<Socket>();
      for (var i = 0; i < 30; i++) {
        sockets.add(new Socket("127.0.0.1", application.http.port()));
        sockets.get(i).getOutputStream().write(parts[0].getBytes(UTF_8));
      }
      for (var socket : sockets) {
        socket.getOutputStream().write(parts[1].getBytes(UTF_8));
        assertThat(Response.parse(socket.getInputStream().readAllBytes()).status()).isEqualTo(400);
        socket.close();
      }

      assertNothingUnwantedIn(log);
    }
  }

  private static void assertNothingUnwantedIn(ServerLog log) {
    assertThat(log.events())
        .noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
        .noneMatch(event -> event.getThrowableProxy() != null)
        .noneMatch(event -> event.getFormattedMessage().contains(application.token));
  }

  private void fuzz(int requests) throws IOException {
    var seed = System.nanoTime();
    System.out.println("Random requests from seed " + seed);
    var random = new RandomRequests(new Random(seed), application.token);
    try (var log = new ServerLog()) {
      for (var i = 0; i < requests; i++) {
        var request = random.next();
        var answer = application.http.send(request);
        assertThat(isDocumented(answer))
            .as(
                "seed %d, request %d:%n%s%nanswer: %s",
                seed, i, new String(request, ISO_8859_1), answer)
            .isTrue();
      }

      assertNothingUnwantedIn(log);
    }
  }

  private static boolean isDocumented(Response answer) {
    if (answer.body().isEmpty()) {
      // What is no HTTP at all, OPTIONS, and HEAD.
      return Set.of(0, 400, 501, 505, 204, 200, 401, 403, 404, 405).contains(answer.status());
    }
    // 0: what came as HTTP/0.9 gets a body alone.
    return Set.of(0, 200, 400, 401, 403, 404, 405, 413, 501, 505).contains(answer.status())
        && answer
            .body()
            .matches(
                "\\{\\}|\\{\"enabled\":(true|false)(,\"current_updates\":\\{.*\\})?\\}"
                    + "|\\{\"errcode\":\"M_[A-Z_]+\",\"error\":\"[^\"]+\"(,\"soft_logout\":false)?\\}");
  }

  private static Response get(String path) throws IOException {
    return get(path, bearer(application.token));
  }

  private static Response get(String path, List<String> headers) throws IOException {
    return application.http.send("GET", path, headers, "");
  }

  private static Response post(String path, String body) throws IOException {
    return application.http.send("POST", path, bearer(application.token), body);
  }

  private static List<String> bearer(String token) {
    return List.of("Authorization: Bearer " + token);
  }

  private static List<String> queue() {
    return Rows.of(application.database, "SELECT update_name FROM undercurrent.background_updates");
  }

  private static void assertAnswer(Response answer, int status, String body) {
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.values("Content-Type")).containsExactly("application/json");
    assertThat(answer.values("Content-Length")).containsExactly("" + body.length());
    assertThat(answer.values("Cache-Control"))
        .containsExactly("no-cache, no-store, must-revalidate");
    assertAllowsOtherOrigins(answer);
  }

  private static void assertAllowsOtherOrigins(Response answer) {
    assertThat(answer.values("Access-Control-Allow-Origin")).containsExactly("*");
    assertThat(answer.values("Access-Control-Allow-Methods"))
        .containsExactly("GET, HEAD, POST, PUT, DELETE, OPTIONS");
    assertThat(answer.values("Access-Control-Allow-Headers"))
        .containsExactly("X-Requested-With, Content-Type, Authorization, Date");
  }
}
