package io.undercurrent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Changelog;
import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.TestDatabases;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@PostgresTest
class StrangersJsonTests {

  private Database database;

  @BeforeEach
  void take(TestDatabases databases) {
    database = databases.createLike("json", template -> template.prepare(Changelog.HOMESERVER));
  }

  @Test
  void isReadAsItIs() {
    assertThat(parse("{\"a\":\"b\"}")).isEqualTo("{\"a\": \"b\"}");
    assertThat(parse("{\"a\":\"\\ud83d\\ude00\"}")).isEqualTo("{\"a\": \"😀\"}");
    assertThat(parse("{\"a\":1e3}")).isEqualTo("{\"a\": 1000}");
    assertThat(parse(" 7 ")).isEqualTo("7");
  }

  @Test
  void losesTextsThatCannotBeHeld() {
    assertThat(parse("{\"a\":\"\\u0000\",\"b\":\"c\"}")).isEqualTo("{\"a\": null, \"b\": \"c\"}");
    assertThat(parse("{\"a\":\"\\ud83d\",\"b\":\"\\ud83d\\ude00\"}"))
        .isEqualTo("{\"a\": null, \"b\": \"😀\"}");
    assertThat(parse("[\"\\uDEAD\\uD83D\",\"\\ud83d\\ud83d\\ude00\"]")).isEqualTo("[null, null]");
    assertThat(parse("[\"\\ud83d\\ud83d\",1]")).isEqualTo("[null, 1]");
    assertThat(parse("\"\\u0000\"")).isEqualTo("null");
  }

  @Test
  void knowsEscapesFromWhatLooksLikeThem() {
    assertThat(parse("[\"\\\\u0000\",\"\\u0000\"]")).isEqualTo("[\"\\\\u0000\", null]");
    assertThat(parse("[\"\\\\\\u0000\",\"\\\\\\\\u0000\"]")).isEqualTo("[null, \"\\\\\\\\u0000\"]");
    assertThat(parse("[\"\\\"\\u0000\\\"\",\"\\\"\"]")).isEqualTo("[null, \"\\\"\"]");
  }

  @Test
  void emptiesKeysThatCannotBeHeld() {
    assertThat(parse("{\"a\\u0000\":\"b\"}")).isEqualTo("{\"\": \"b\"}");
    assertThat(parse("{\"a\\udead\" \n : 1, \"c\": [\"\\ud800\"]}"))
        .isEqualTo("{\"\": 1, \"c\": [null]}");
  }

  @Test
  void losesNumbersThatCannotBeHeld() {
    assertThat(parse("{\"a\":1e999999,\"b\":-1.5E+999999,\"c\":1e2,\"d\":\"1e999999\"}"))
        .isEqualTo("{\"a\": null, \"b\": null, \"c\": 100, \"d\": \"1e999999\"}");
  }

  @Test
  void isNothingWhereThereIsNoJson() {
    assertThat(
            Stream.of(
                "",
                " ",
                "{",
                "{\"a\":\"\\u0000\"",
                "{\"a\":\"\\u0000}",
                "{\"a\":\"\\u00\"}",
                "{\"a\":01e999999}",
                "{\"a\":1e999999.5}",
                "{'a':1}",
                "NaN",
                "[\"\\ud83d\",]"))
        .map(this::parse)
        .containsOnlyNulls();
  }

  @Test
  void isNothingWhereItIsNestedTooDeeply() {
    assertThat(parse("[".repeat(99_999) + "]".repeat(99_999))).isNull();
    assertThat(parse("[\"\\u0000\"," + "[".repeat(99_999) + "]".repeat(99_999) + "]")).isNull();
  }

  @Test
  @Timeout(10)
  void doesNotTakeLongOverATextWithoutAnEnd() {
    assertThat(parse("\"" + "\\\"".repeat(100_000))).isNull();
  }

  private @Nullable String parse(String document) {
    return database
        .jdbc()
        .sql("SELECT undercurrent.parse_json(:document)")
        .param("document", document)
        .query((row, number) -> row.getString(1))
        .list()
        .get(0);
  }
}
