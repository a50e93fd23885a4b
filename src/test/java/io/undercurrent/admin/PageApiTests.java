package io.undercurrent.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.admin.Http.Response;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the page asks for, without a browser. */
@PostgresTest
class PageApiTests {

  private static final String PAGE = "/undercurrent/";
  private static final String STATUS = PAGE + "api/status";
  private static final String CHART = PAGE + "api/chart?database=master&update=count&run=1";
  private static final String PAUSE = PAGE + "api/pause";
  private static final String RESUME = PAGE + "api/resume";
  private static final String NOT_ADMIN =
      "{\"errcode\":\"M_FORBIDDEN\",\"error\":\"You are not a server admin\"}";
  private static final String UNRECOGNIZED =
      "{\"errcode\":\"M_UNRECOGNIZED\",\"error\":\"Unrecognized request\"}";
  private static final String ACTIONS =
      """
      SELECT concat_ws('|', operator, came_by, address, action, subject, before, after, reason)
        FROM undercurrent.actions
       ORDER BY id""";

  private static RunningApplication application;
  private static String reader;

  @BeforeAll
  static void start(@TempDir Path home) throws IOException {
    application =
        new RunningApplication(
            home,
            "--server.forward-headers-strategy=framework",
            "--undercurrent.databases[1].name=away",
            "--undercurrent.databases[1].url=jdbc:postgresql://127.0.0.1:1/x",
            "--undercurrent.databases[1].username=anna");
    reader = application.readOnlyToken();
  }

  @AfterAll
  static void stop() {
    application.close();
  }

  @AfterEach
  void emptyTheQueue() {
    Rows.run(
        application.database,
        "DELETE FROM undercurrent.background_updates",
        "DELETE FROM undercurrent.pauses",
        "DELETE FROM undercurrent.actions",
        "UPDATE undercurrent.runs SET ended_at = now(), outcome = 'CANCELLED' WHERE ended_at IS NULL");
  }

  @ParameterizedTest
  @CsvSource({
    "'', text/html;charset=utf-8, <!doctype html>",
    "page.css, text/css;charset=utf-8, :root",
    "page.js, text/javascript;charset=utf-8, use strict"
  })
  void hasFilesForEverybody(String file, String type, String beginning) throws IOException {
    for (var headers : List.of(List.<String>of(), bearer("nobody"))) {
      var answer = application.http.send("GET", PAGE + file, headers, "");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.values("Content-Type")).containsExactly(type);
      assertThat(answer.body()).contains(beginning);
      assertKeepsOthersOut(answer);
    }
    assertThat(application.http.send("HEAD", PAGE + file, List.of(), "").status()).isEqualTo(200);
  }

  @Test
  void isFoundWithoutTheSlash() throws IOException {
    var answer = application.http.send("GET", "/undercurrent", List.of(), "");

    assertThat(answer.status()).isEqualTo(301);
    assertThat(answer.values("Location")).containsExactly("undercurrent/");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /undercurrent/page.html, 404",
    "GET, /undercurrent/api, 404",
    "GET, /undercurrent/api/, 404",
    "GET, /undercurrent/api/../page.js, 404",
    "GET, /undercurrent/api/status/, 404",
    "GET, /undercurrent//api/status, 404",
    "OPTIONS, /undercurrent/nothing, 404",
    "OPTIONS, /undercurrent/api/status, 405",
    "POST, /undercurrent/api/status, 405",
    "GET, /undercurrent/api/pause, 405",
    "PUT, /undercurrent/api/pause, 405",
    "POST, /undercurrent/, 405"
  })
  void hasNoOtherPathsAndMethods(String method, String path, int status) throws IOException {
    var answer = application.http.send(method, path, bearer(application.token), "");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(UNRECOGNIZED);
    assertKeepsOthersOut(answer);
  }

  private static void assertKeepsOthersOut(Response answer) {
    assertThat(answer.values("Access-Control-Allow-Origin")).isEmpty();
    assertThat(answer.values("Content-Security-Policy"))
        .containsExactly(
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src"
                + " 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
    assertThat(answer.values("X-Content-Type-Options")).containsExactly("nosniff");
    assertThat(answer.values("Referrer-Policy")).containsExactly("no-referrer");
    assertThat(answer.values("Cache-Control")).singleElement().asString().contains("no-store");
  }

  @Test
  void letsNobodyInWithoutATokenInTheHeader() throws IOException {
    var missing = "{\"errcode\":\"M_MISSING_TOKEN\",\"error\":\"Missing access token\"}";

    assertAnswer(send("GET", STATUS, List.of(), ""), 401, missing);
    assertAnswer(
        send("GET", STATUS + "?access_token=" + application.token, List.of(), ""), 401, missing);
    assertAnswer(send("POST", PAUSE, List.of(), "{\"database\":\"master\"}"), 401, missing);
    assertThat(get("nobody").status()).isEqualTo(401);
    assertAnswer(get(RunningApplication.PLAIN), 403, NOT_ADMIN);
    assertKeepsOthersOut(get("nobody"));
    assertKeepsOthersOut(get(RunningApplication.PLAIN));
  }

  /** Spring puts it before the path, and has it in the request's URI. */
  @ParameterizedTest
  @ValueSource(strings = {"/undercurrent", "/undercurrent/", "/undercurrent/api", "/ops"})
  void givesNobodyRightsForAPrefixThatAClientSends(String prefix) throws IOException {
    var forwarded = "X-Forwarded-Prefix: " + prefix;
    var read = List.of(forwarded, "Authorization: Bearer " + reader);

    assertThat(send("GET", PAGE, List.of(forwarded), "").status()).isEqualTo(200);
    assertThat(send("GET", STATUS, read, "").status()).isEqualTo(200);
    for (var path : List.of(Routes.BASE + "status", Routes.BASE + "enabled", STATUS, CHART)) {
      assertThat(send("GET", path, List.of(forwarded), "").status()).as(path).isEqualTo(401);
    }
    assertAnswer(send("GET", Routes.BASE + "status", read, ""), 403, NOT_ADMIN);
    for (var path : List.of(PAUSE, Routes.BASE + "enabled")) {
      assertThat(send("POST", path, List.of(forwarded), "{}").status()).as(path).isEqualTo(401);
      assertAnswer(send("POST", path, read, "{\"database\":\"master\"}"), 403, NOT_ADMIN);
    }
    assertThat(
            send("GET", STATUS + "?access_token=" + application.token, List.of(forwarded), "")
                .status())
        .isEqualTo(401);
  }

  @Test
  void showsAllDatabasesAndThatOneIsDown() throws IOException {
    application.updates().start("master", "count");

    var answer = get(application.token);
    var page = json(answer);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.values("Content-Type")).containsExactly("application/json");
    assertKeepsOthersOut(answer);
    assertThat(page.at("/operator").asString()).isEqualTo("deploy");
    assertThat(page.at("/may_change").asBoolean()).isTrue();
    var master = page.at("/databases/0");
    assertThat(master.at("/status/database").asString()).isEqualTo("master");
    assertThat(master.at("/status/problem").isNull()).isTrue();
    assertThat(master.at("/updates/0/update").asString()).isEqualTo("count");
    assertThat(master.at("/updates/0/state").asString()).isEqualTo("waiting");
    assertThat(master.at("/reasons/0/cause").asString()).isEqualTo("no-runner");
    var away = page.at("/databases/1");
    assertThat(away.at("/status/database").asString()).isEqualTo("away");
    assertThat(away.at("/status/problem").asString()).contains("away");
    assertThat(away.at("/updates").isEmpty()).isTrue();
  }

  @Test
  void letsTheReadOnlyLookAndNoMore() throws IOException {
    var page = json(get(reader));

    assertThat(page.at("/operator").asString()).isEqualTo("wall");
    assertThat(page.at("/may_change").asBoolean()).isFalse();
    for (var path : List.of(PAUSE, RESUME, Routes.BASE + "enabled", Routes.BASE + "start_job")) {
      assertAnswer(send("POST", path, bearer(reader), "{\"database\":\"master\"}"), 403, NOT_ADMIN);
    }
    assertAnswer(send("GET", Routes.BASE + "status", bearer(reader), ""), 403, NOT_ADMIN);
    assertThat(Rows.of(application.database, ACTIONS)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {RunningApplication.ADMIN, "own"})
  void pausesAndResumesInTheNameOfTheCaller(String name) throws IOException {
    var token = name.equals("own") ? application.token : name;
    var operator =
        name.equals("own") ? "deploy|token|127.0.0.1" : "@admin:a.test|homeserver|127.0.0.1";
    application.updates().start("master", "count");
    Rows.run(application.database, "DELETE FROM undercurrent.actions");

    post(token, PAUSE, "{\"database\":\"master\",\"update\":\"count\",\"reason\":\" <b>x</b> \"}");

    var paused = json(get(token)).at("/databases/0");
    assertThat(paused.at("/updates/0/state").asString()).isEqualTo("paused");
    assertThat(paused.at("/status/pauses/0/reason").asString()).isEqualTo("<b>x</b>");

    post(token, RESUME, "{\"database\":\"master\",\"update\":\"count\"}");
    post(token, PAUSE, "{\"database\":\"master\",\"update\":null}");
    post(token, RESUME, "{\"database\":\"master\"}");

    assertThat(json(get(token)).at("/databases/0/status/pauses").isEmpty()).isTrue();
    assertThat(Rows.of(application.database, ACTIONS))
        .containsExactly(
            operator + "|pause|count|paused|<b>x</b>",
            operator + "|resume|count|paused|enabled",
            operator + "|pause|paused",
            operator + "|resume|paused|enabled");
  }

  private static void post(String token, String path, String body) throws IOException {
    assertAnswer(send("POST", path, bearer(token), body), 200, "{}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{ | 400 | Content not JSON.",
        "[] | 400 | Content must be a JSON object.",
        "{} | 400 | Missing params: ['database']",
        "{\"database\":1} | 400 | 'database' parameter must be a string",
        "{\"database\":\"MASTER\"} | 404 | There is no database 'MASTER'",
        "{\"database\":\"master\",\"update\":[]} | 400 | 'update' parameter must be a string",
        "{\"database\":\"master\",\"update\":\"a\\u0000\"} | 400 | 'update' parameter must be the name",
        "{\"database\":\"master\",\"update\":\"\\ud800\"} | 400 | 'update' parameter must be the name",
        "{\"database\":\"master\",\"update\":\"gone\"} | 400 | Update 'gone' is not queued on 'master'",
        "{\"database\":\"master\",\"update\":\"\"} | 400 | Update '' is not queued on 'master'",
        "{\"database\":\"away\"} | 503 | Database away cannot be worked on now"
      })
  void refusesWhatCannotBeDone(String body, int status, String error) throws IOException {
    for (var path : List.of(PAUSE, RESUME)) {
      var answer = send("POST", path, bearer(application.token), body);

      assertThat(answer.status()).as(path).isEqualTo(status);
      assertThat(json(answer).at("/error").asString()).contains(error);
    }
    assertThat(Rows.of(application.database, ACTIONS)).isEmpty();
  }

  @Test
  void refusesAReasonThatIsABook() throws IOException {
    var body = "{\"database\":\"master\",\"reason\":\"%s\"}";

    assertThat(
            send("POST", PAUSE, bearer(application.token), body.formatted("x".repeat(1001)))
                .status())
        .isEqualTo(400);
    post(application.token, PAUSE, body.formatted("x".repeat(1000)));
  }

  @Test
  void takesReasonsThatTheDatabaseCannotKeep() throws IOException {
    post(application.token, PAUSE, "{\"database\":\"master\",\"reason\":\"a\\u0000b\\ud800\"}");

    assertThat(Rows.of(application.database, "SELECT reason FROM undercurrent.pauses"))
        .containsExactly("a\uFFFDb\uFFFD");
  }

  @Test
  void drawsNothingFromNothing() throws IOException {
    assertAnswer(chart("database=master&update=count&run=1&zone=nowhere"), 200, "{\"svg\":null}");
    assertThat(chart("database=master&update=count&run=x").status()).isEqualTo(400);
    assertThat(chart("database=master&update=%00&run=1").status()).isEqualTo(400);
    assertThat(chart("database=x&update=count&run=1").status()).isEqualTo(404);
    assertThat(chart("").status()).isEqualTo(404);
    assertThat(chart("database=away&update=count&run=1").status()).isEqualTo(503);
  }

  @Test
  void drawsARunOfAMonth() throws IOException {
    Rows.run(
        application.database,
        """
        INSERT INTO undercurrent.samples
          (update_name, run, at, ms, items, changed, iterations, iteration_ms, times)
        SELECT 'long', 1, now() - minute * interval '1 min', 60000, 5000, 5000, 50, 5000,
               '{"working": 5000, "sleeping": 35000, "held:replication-lag": 20000}'
          FROM generate_series(1, 43200) AS minute""");

    assertThat(chart("database=master&update=long&run=1").body()).startsWith("{\"svg\":\"<svg");
  }

  private static Response chart(String query) throws IOException {
    return send("GET", PAGE + "api/chart?" + query, bearer(reader), "");
  }

  private static Response get(String token) throws IOException {
    return send("GET", STATUS, bearer(token), "");
  }

  private static Response send(String method, String path, List<String> headers, String body)
      throws IOException {
    return application.http.send(method, path, headers, body);
  }

  private static List<String> bearer(String token) {
    return List.of("Authorization: Bearer " + token);
  }

  private static JsonNode json(Response answer) {
    return JsonMapper.shared().readTree(answer.body());
  }

  private static void assertAnswer(Response answer, int status, String body) {
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.status()).isEqualTo(status);
  }
}
