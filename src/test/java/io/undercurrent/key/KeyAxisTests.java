package io.undercurrent.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.key.KeyAxis.Share;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.util.List;
import org.junit.jupiter.api.Test;

@PostgresTest
class KeyAxisTests {

  @Test
  void placesANumberAmongAllRows(Database database) {
    Rows.run(
        database,
        "CREATE TABLE numbers (id bigint PRIMARY KEY)",
        "INSERT INTO numbers SELECT generate_series(1, 10000)",
        "ANALYZE numbers");
    var axis = new KeyAxis(database.jdbc(), "numbers", "id");

    assertThat(axis.upTo("5000")).hasValueSatisfying(share -> assertBetween(share, 0.48, 0.52));
    assertThat(axis.upTo("1")).hasValueSatisfying(share -> assertBetween(share, 0, 0.011));
    assertThat(axis.upTo("10000")).contains(new Share(1, 1));
    assertThat(axis.upTo("99999")).contains(new Share(1, 1));
    assertThat(axis.upTo("-5")).contains(new Share(0, 0));
  }

  @Test
  void comparesTextAsTheKeysIndexDoes(Database database) {
    Rows.run(
        database,
        "CREATE TABLE titles (title text COLLATE \"C\" PRIMARY KEY)",
        "INSERT INTO titles SELECT 'Z' || n FROM generate_series(1, 1000) n",
        "INSERT INTO titles SELECT 'a' || n FROM generate_series(1, 1000) n",
        "ANALYZE titles");

    assertThat(new KeyAxis(database.jdbc(), "public.titles", "title").upTo("Z999"))
        .hasValueSatisfying(share -> assertBetween(share, 0.48, 0.52));
  }

  @Test
  void comparesAsTheKeysIndexDoesWhateverTheSearchPath(Database database) {
    Rows.run(
        database,
        "CREATE SCHEMA extensions",
        "CREATE EXTENSION citext SCHEMA extensions",
        "CREATE TABLE members (title extensions.citext, id int, PRIMARY KEY (title, id))",
        "INSERT INTO members SELECT CASE WHEN n > 600 THEN 'B' ELSE 'a' END, n"
            + " FROM generate_series(1, 1000) n",
        "ANALYZE members");
    var axis = new KeyAxis(database.jdbc(), "members", "title");

    assertThat(axis.upTo("A")).hasValueSatisfying(share -> assertBetween(share, 0, 0.6));
    assertThat(axis.upTo("b")).hasValueSatisfying(share -> assertBetween(share, 0.6, 1));
  }

  @Test
  void countsFromTheEndAtWhichAWalkBegins(Database database) {
    Rows.run(
        database,
        "CREATE TABLE numbers (id bigint PRIMARY KEY)",
        "INSERT INTO numbers SELECT generate_series(1, 10000)",
        "ANALYZE numbers");
    var up = new KeyAxis(database.jdbc(), "numbers", "id");

    assertThat(up.walked(null, "2000", "10000"))
        .hasValueSatisfying(share -> assertBetween(share, 0.18, 0.22));
    assertThat(up.walked(false, true).walked("10000", "2000", "1"))
        .hasValueSatisfying(share -> assertBetween(share, 0.78, 0.82));
    assertThat(up.walked(true, false).walked("1000", "2000", "5000"))
        .hasValueSatisfying(share -> assertBetween(share, 0.21, 0.29));
    assertThat(up.walked(true, false).walked(null, "2000", "4000"))
        .hasValueSatisfying(share -> assertBetween(share, 0.45, 0.55));
    assertThat(up.walked(true, true).walked("5000", "2000", "1000"))
        .hasValueSatisfying(share -> assertBetween(share, 0.70, 0.80));
  }

  @Test
  void claimsLittleOfAWalkThatIsShorterThanItsStatistics(Database database) {
    Rows.run(
        database,
        "CREATE TABLE numbers (id bigint PRIMARY KEY)",
        "INSERT INTO numbers SELECT generate_series(1, 10000)",
        "ANALYZE numbers");
    var part = new KeyAxis(database.jdbc(), "numbers", "id").walked(true, false);

    assertThat(part.walked("5010", "5020", "5030")).contains(new Share(0, 1));
    assertThat(KeyAxis.rows(database.jdbc(), List.of(part))).isEmpty();
  }

  @Test
  void saysNothingAboutArrays(Database database) {
    Rows.run(
        database,
        "CREATE TABLE paths (path int[] PRIMARY KEY)",
        "INSERT INTO paths SELECT ARRAY[n, 1] FROM generate_series(1, 1000) n",
        "ANALYZE paths");

    assertThat(new KeyAxis(database.jdbc(), "paths", "path").upTo("{500,1}")).isEmpty();
  }

  @Test
  void knowsHowManyRowsAFrequentValueHas(Database database) {
    Rows.run(
        database,
        "CREATE TABLE members (room char(2), id int, PRIMARY KEY (room, id))",
        "INSERT INTO members SELECT CASE WHEN n > 600 THEN 'b' ELSE 'a' END, n"
            + " FROM generate_series(1, 1000) n",
        "ANALYZE members");
    var axis = new KeyAxis(database.jdbc(), "members", "room");

    assertThat(axis.upTo("a")).hasValueSatisfying(share -> assertBetween(share, 0, 0.6));
    assertThat(axis.upTo("b")).hasValueSatisfying(share -> assertBetween(share, 0.6, 1));
  }

  @Test
  void saysNothingWithoutStatistics(Database database) {
    Rows.run(
        database,
        "CREATE TABLE numbers (id bigint PRIMARY KEY)",
        "INSERT INTO numbers SELECT generate_series(1, 100)");

    assertThat(new KeyAxis(database.jdbc(), "numbers", "id").upTo("50")).isEmpty();
    assertThat(new KeyAxis(database.jdbc(), "vanished", "id").upTo("50")).isEmpty();
  }

  private static void assertBetween(Share share, double least, double most) {
    assertThat(share.least()).isBetween(least - 1e-6, most);
    assertThat(share.most()).isBetween(share.least(), most + 1e-6);
  }
}
