package io.undercurrent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.PostgresTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@PostgresTest
class StrangersJsonTests {

  private Database database;

  @BeforeEach
  void take(Database database) {
    this.database = database;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"a":"b"}                            | {"a": "b"}
          {"a":"\\ud83d\\ude00"}                 | {"a": "😀"}
          {"a":"\\u0000","b":"c"}               | {"a": null, "b": "c"}
          {"a":"\\ud83d","b":"\\ud83d\\ude00"}    | {"a": null, "b": "😀"}
          {"a":"\\\\u0000","b":"\\u0000"}         | {"a": "\\\\u0000", "b": null}
          {"a":"\\"\\u0000\\"","b":"\\""}          | {"a": null, "b": "\\""}
          {"a\\u0000":"b"}                      | {"": "b"}
          {"a\\udead"  : 1, "c": ["\\uDEAD"]}    | {"": 1, "c": [null]}
          {"a":1e999999,"b":1E-999999,"c":1e2} | {"a": null, "b": null, "c": 100}
          "\\u0000"                             | null
          7                                    | 7
          """)
  void keepsWhatItCan(String document, String expected) {
    assertThat(parse(document)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
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
        "[\"\\ud83d\",]",
      })
  void isNothingWhereThereIsNoJson(String document) {
    assertThat(parse(document)).isNull();
  }

  @Test
  void isNothingWhereItIsNestedTooDeeply() {
    assertThat(parse("[".repeat(200_000) + "]".repeat(200_000))).isNull();
    assertThat(parse("[\"\\u0000\"," + "[".repeat(200_000) + "]".repeat(200_000) + "]")).isNull();
  }

  @ParameterizedTest
  @CsvSource({"10,", "1, x", "11, x", "12,"})
  void findsTheTextOfAKey(String key, @Nullable String expected) {
    var found =
        database
            .jdbc()
            .sql("SELECT undercurrent.json_string(CAST(:object AS jsonb), :key)")
            .param("object", "{\"1\":\"x\",\"10\":[\"x\"],\"11\":\"x\"}")
            .param("key", key)
            .query((row, number) -> row.getString(1))
            .list();

    assertThat(found).singleElement().isEqualTo(expected);
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
