package io.undercurrent.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.TestDatabases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@PostgresTest
class StorableTextTests {

  @ParameterizedTest
  @CsvSource({
    "UTF8, a – ä 😀, a – ä 😀",
    "LATIN1, a – ä 😀, a ? ä ?",
    "LATIN9, 5 € – ä, 5 € ? ä",
    "WIN1252, 5 € – Я, 5 € – ?",
    "EUC_JP, 日本 ä, 日本 ä",
    "SQL_ASCII, a – ä 😀, a – ä 😀"
  })
  void keepsWhatTheDatabaseCanKeep(
      String encoding, String text, String kept, TestDatabases databases) {
    var jdbc = databases.createIn(encoding).jdbc();

    var storable = new StorableText(jdbc).of(text);

    assertThat(storable).isEqualTo(kept);
    jdbc.sql("CREATE TABLE texts (t text)").update();
    jdbc.sql("INSERT INTO texts VALUES (:text)").param("text", storable).update();
    assertThat(jdbc.sql("SELECT t FROM texts").query(String.class).single()).isEqualTo(kept);
  }

  @Test
  void replacesTheCharacterThatPostgresqlNeverKeeps(Database database) {
    assertThat(new StorableText(database.jdbc()).of("a\0b")).isEqualTo("a\uFFFDb");
  }
}
