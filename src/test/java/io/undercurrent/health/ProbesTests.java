package io.undercurrent.health;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.undercurrent.database.Database;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operators ask themselves: by SQL and by HTTP. */
@PostgresTest
class ProbesTests {

  private final CountDownLatch goOn = new CountDownLatch(1);
  private HttpServer server;
  private volatile int status = 200;
  private volatile String body = "";
  private volatile boolean slow;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (slow) {
        goOn.await();
      }
      var token = exchange.getRequestHeaders().getFirst("Authorization");
      var text = (token == null ? body : token.replace("Bearer ", "")).getBytes(UTF_8);
      exchange.getResponseHeaders().add("Location", "http://192.0.2.1/");
      exchange.sendResponseHeaders(status, text.length == 0 ? -1 : text.length);
      exchange.getResponseBody().write(text);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() {
    goOn.countDown();
    server.stop(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT 7                                    | 7
          WITH a AS (SELECT 2.5 AS n) SELECT n FROM a | 2.5
          VALUES (1.5::real)                          | 1.5
          SELECT true                                 | 1
          SELECT 1 > 2                                | 0
          SELECT interval '1 month 1 day 90 minutes'  | 2683800
          SELECT '{"a": 1}'::jsonb ? 'a'              | 1
          SELECT count(*) FROM pg_class WHERE false;  | 0
          """)
  void takesANumberFromAQuery(String sql, double value, Database database) {
    assertThat(Looking.at(database, sql(sql))).isEqualTo(new Reading.Value(value, null, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT 1, 2                 | expected one column, found 2
          SELECT 1 WHERE false        | expected one row, found none
          SELECT generate_series(1,2) | expected one row, found more
          SELECT 1 / (3 - n) FROM generate_series(1, 3) AS n | expected one row, found more
          SELECT 'nine'               | expected a number, an interval or a boolean, found one of type text
          SELECT 'NaN'::float8        | expected a number, an interval or a boolean, found NaN
          SELECT 1; DROP TABLE a      | expected one statement, found a second one after ';'. Make it a list with an entry for each
          DELETE FROM pg_class        | expected a query, found 'DELETE'
          SELECT n FROM nowhere       | relation "nowhere" does not exist
          SELECT 1 / 0                | division by zero
          SELECT :value               | unknown value ':value'; known are []. Add it under 'values:'
          """)
  void saysWhatIsWrongWithAQuery(String sql, String why, Database database) {
    assertThat(Looking.unknown(Looking.at(database, sql(sql))))
        .startsWith("undercurrent.health.sql-probe.sql: " + why);
  }

  @Test
  void hasNothingWhereAQueryGivesNull(Database database) {
    assertThat(Looking.at(database, sql("SELECT max(1) FROM pg_class WHERE false")))
        .isEqualTo(new Reading.Nothing("it gives NULL"));
  }

  @Test
  void areOffWhereNothingIsAsked() {
    assertThat(List.of(SqlProbe.of(null).limits(), HttpProbe.of(null).limits()))
        .extracting(Limits::hold)
        .containsOnlyNulls();
    assertThat(List.of(sql("SELECT 1").limits(), http("/", null).limits()))
        .extracting(Limits::hold)
        .containsExactly(0.0, 0.0);
  }

  @ParameterizedTest
  @CsvSource({
    "200,,0,",
    "204,,0,",
    "200,17.5,17.5,",
    "200,all is well,0,",
    "200,NaN,0,",
    "503,3,4,it answered 503",
    "404,,4,it answered 404",
    "302,,4,'it answered 302, and redirects are not followed'"
  })
  void takesANumberFromAnAnswer(
      int status, @Nullable String body, double value, @Nullable String detail, Database database) {
    this.status = status;
    this.body = body == null ? "" : body;
    var probe = http("/", "3");

    assertThat(Looking.at(database, probe)).isEqualTo(new Reading.Value(value, null, detail));
  }

  @Test
  void readsNoLongBodyAndSendsAHeader(Database database) {
    body = "1".repeat(1 << 20);
    assertThat(answered(database, http("/", null))).isZero();

    var withHeader =
        HttpProbe.of(
            new HttpProbe.Properties(
                url("/"), "Authorization: Bearer 42", seconds(2), null, null, null, null));
    assertThat(answered(database, withHeader)).isEqualTo(42);
  }

  @Test
  void doesNotWaitForASlowAnswerButHasTheOneBefore(Database database) {
    body = "7";
    var probe = http("/", null);
    assertThat(answered(database, probe)).isEqualTo(7);

    slow = true;
    body = "8";
    assertThat(Looking.figure(database, probe)).isEqualTo(7);
    assertThat(Looking.figure(database, probe)).isEqualTo(7);

    goOn.countDown();
    Engine.await().until(() -> Looking.figure(database, probe) == 8);
  }

  @Test
  void saysWhereThereIsNoAnswer(Database database) {
    slow = true;
    var impatient =
        HttpProbe.of(
            new HttpProbe.Properties(
                url("/"), null, Duration.ofMillis(20), null, null, null, null));
    assertThat(Looking.unknown(Looking.at(database, impatient)))
        .isEqualTo("localhost: no answer within 20 ms");

    server.stop(0);
    var gone = http("/", null);
    assertThat(Looking.unknown(Looking.at(database, gone))).startsWith("localhost: ");
  }

  @Test
  void refusesWhatIsNoUrlOrHeaderWithoutRepeatingIt() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                HttpProbe.of(
                    new HttpProbe.Properties(
                        "file:///secret", null, seconds(2), null, null, null, null)))
        .withMessage(
            "undercurrent.health.http-probe.url: expected a URL that begins with http:// or https://, got another text");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                HttpProbe.of(
                    new HttpProbe.Properties(
                        url("/"), "secret", seconds(2), null, null, null, null)))
        .withMessage(
            "undercurrent.health.http-probe.header: expected the form 'Name: value', got another text");
  }

  private static double answered(Database database, Signal probe) {
    Engine.await().until(() -> Looking.at(database, probe) instanceof Reading.Value);
    return Looking.figure(database, probe);
  }

  private HttpProbe http(String path, @Nullable String hold) {
    return HttpProbe.of(
        new HttpProbe.Properties(url(path), null, seconds(60), hold, null, null, null));
  }

  private static SqlProbe sql(String sql) {
    return SqlProbe.of(new SqlProbe.Properties(sql, null, null, null, null));
  }

  private String url(String path) {
    return "http://localhost:%d%s".formatted(server.getAddress().getPort(), path);
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
