package io.undercurrent.page;

import static io.undercurrent.page.Reading.query;
import static io.undercurrent.page.Reading.table;
import static io.undercurrent.page.Reading.tableWhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.iteration.Progress;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.batch.infrastructure.item.ExecutionContext;

@PostgresTest
class KeysetReaderTests {

  @Test
  void walksATableInChunksOfTheSizesAskedFor(Database database) {
    numbers(database, 6);
    var reading = Reading.begin(database, table("numbers", "id"));

    assertThat(reading.chunk(2)).containsExactly("1", "2");
    assertThat(reading.counts()).isEqualTo("2 items, 2 walked, 0 filtered");
    assertThat(reading.chunk(3)).containsExactly("3", "4", "5");
    assertThat(reading.chunk(100)).containsExactly("6");
    assertThat(reading.counts()).isEqualTo("1 items, 1 walked, 0 filtered, the last");
  }

  @Test
  void knowsTheEndWhenTheLastChunkIsFull(Database database) {
    numbers(database, 4);
    var all = Reading.begin(database, table("numbers", "id"));
    var even = Reading.begin(database, tableWhere("id % 2 = 0", "numbers", "id"));

    assertThat(all.chunk(2)).hasSize(2);
    assertThat(all.reader.exhausted()).isFalse();
    assertThat(all.chunk(2)).hasSize(2);
    assertThat(all.reader.exhausted()).isTrue();
    assertThat(even.chunk(2)).containsExactly("2");
    assertThat(even.reader.exhausted()).isFalse();
    assertThat(even.chunk(2)).containsExactly("4");
    assertThat(even.reader.exhausted()).isTrue();
  }

  @Test
  void holdsNoMoreThanAHundredThousandRowsHoweverLongTheTarget(Database database) {
    numbers(database, Progress.MOST_ROWS + 1);
    var all = Reading.begin(database, table("numbers", "id"));
    var even = Reading.begin(database, tableWhere("id % 2 = 0", "numbers", "id"));

    assertThat(all.chunk(1_000_000)).hasSize(Progress.MOST_ROWS);
    assertThat(even.chunk(1_000_000)).hasSize(Progress.MOST_ROWS / 2);
    assertThat(all.chunk(1_000_000)).hasSize(1);
  }

  @Test
  void findsNothingInAnEmptyTable(Database database) {
    numbers(database, 0);
    var all = Reading.begin(database, table("numbers", "id"));
    var even = Reading.begin(database, tableWhere("id % 2 = 0", "numbers", "id"));

    assertThat(all.chunk(2)).isEmpty();
    assertThat(all.counts()).isEqualTo("0 items, 0 walked, 0 filtered, the last");
    assertThat(even.chunk(2)).isEmpty();
    assertThat(even.counts()).isEqualTo("0 items, 0 walked, 0 filtered, the last");
  }

  @Test
  void readsCompositeKeysInOrder(Database database) {
    Rows.run(
        database,
        "CREATE TABLE members (room_id text, \"user\" int, PRIMARY KEY (room_id, \"user\"))",
        "INSERT INTO members SELECT chr(65 + g % 3), g FROM generate_series(1, 20) AS g");

    var rows = Reading.begin(database, table("members", "room_id", "user")).all(3);

    assertThat(rows)
        .isEqualTo(
            Rows.of(
                database,
                "SELECT concat_ws(' ', room_id, \"user\") FROM members ORDER BY room_id, \"user\""))
        .hasSize(20);
  }

  @Test
  void goesOnBehindItsPositionAfterARestart(Database database) {
    Rows.run(
        database,
        "CREATE TABLE members (room_id text, user_id text, PRIMARY KEY (room_id, user_id))",
        "INSERT INTO members VALUES ('!a', '@\"x'), ('!a', '@ä'), ('!b', '@x')");
    var context = new ExecutionContext();
    var killed = Reading.begin(database, table("members", "room_id", "user_id"));
    killed.chunk(1);
    killed.save(context);
    killed.chunk(1);

    var restarted = Reading.goOn(database, table("members", "room_id", "user_id"), context);

    assertThat(context.getString("undercurrent.position")).isEqualTo("[\"!a\",\"@\\\"x\"]");
    assertThat(restarted.all(10)).containsExactly("!a @ä", "!b @x");
  }

  @ParameterizedTest
  @MethodSource
  void endsWithTheKeyThatWasTheGreatestWhenTheRunBegan(Read read, Database database) {
    numbers(database, 5);
    var context = new ExecutionContext();
    var begun = Reading.freeze(database, read, context);
    Rows.run(database, "INSERT INTO numbers SELECT generate_series(6, 9)");

    assertThat(begun.chunk(2)).containsExactly("1", "2");
    begun.save(context);
    var restarted = Reading.goOn(database, read, context);

    assertThat(context.getString("undercurrent.end")).isEqualTo("[\"5\"]");
    assertThat(restarted.all(2)).containsExactly("3", "4", "5");
    assertThat(restarted.reader.exhausted()).isTrue();
  }

  private static Stream<Read> endsWithTheKeyThatWasTheGreatestWhenTheRunBegan() {
    return Stream.of(
        table("numbers", "id"),
        tableWhere("id > 0", "numbers", "id"),
        query("SELECT id FROM numbers", "id"),
        query("SELECT DISTINCT id FROM numbers", "id"));
  }

  @Test
  void keepsTheEndOfARunThatHasDoneNothingYet(Database database) {
    numbers(database, 5);
    var context = new ExecutionContext();
    Reading.freeze(database, table("numbers", "id"), context);
    Rows.run(database, "INSERT INTO numbers VALUES (6)");

    assertThat(KeysetReader.isFresh(context)).isFalse();
    assertThat(Reading.goOn(database, table("numbers", "id"), context).all(10)).hasSize(5);
  }

  @Test
  void endsWithTheGreatestOfACompositeKey(Database database) {
    Rows.run(
        database,
        "CREATE TABLE members (room_id text, user_id text, PRIMARY KEY (room_id, user_id))",
        "INSERT INTO members VALUES ('!a', '@z'), ('!b', '@m')");
    var members = table("members", "room_id", "user_id");
    var begun = Reading.freeze(database, members, new ExecutionContext());
    Rows.run(database, "INSERT INTO members VALUES ('!a', '@zz'), ('!b', '@mm'), ('!c', '@a')");

    assertThat(begun.all(1)).containsExactly("!a @z", "!a @zz", "!b @m");
  }

  @Test
  void isDoneAtOnceWhereThereIsNothing(Database database) {
    numbers(database, 0);
    var context = new ExecutionContext();

    var reading = Reading.freeze(database, table("numbers", "id"), context);

    assertThat(reading.reader.exhausted()).isTrue();
    assertThat(context.isEmpty()).isTrue();
  }

  @Test
  void goesOnWithoutAnEndWhereAnOlderVersionBeganTheRun(Database database) {
    numbers(database, 3);
    var context = new ExecutionContext();
    context.putString("undercurrent.position", "[\"1\"]");

    var reading = Reading.goOn(database, table("numbers", "id"), context);
    Rows.run(database, "INSERT INTO numbers VALUES (4)");

    assertThat(KeysetReader.isFresh(context)).isFalse();
    assertThat(reading.all(10)).containsExactly("2", "3", "4");
  }

  @Test
  void refusesAPositionOfAnotherKey(Database database) {
    numbers(database, 3);
    var context = new ExecutionContext();
    context.putString("undercurrent.position", "[\"!a\",\"@x\"]");

    assertThatThrownBy(() -> Reading.goOn(database, table("numbers", "id"), context))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected the key [id] to have the columns that it had when this run began, found the position [!a, @x]. Put the key back, or begin a new run with: cancel and start");
  }

  @Test
  void refusesAPositionAmongOtherKeys(Database database) {
    numbers(database, 3);
    Rows.run(
        database,
        "ALTER TABLE numbers ADD COLUMN place bigint GENERATED ALWAYS AS IDENTITY UNIQUE");
    var context = new ExecutionContext();
    var before = Reading.begin(database, table("numbers", "id"));
    before.chunk(1);
    before.save(context);

    assertThatThrownBy(() -> Reading.goOn(database, table("numbers", "place"), context))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected to read numbers by id (number), as when this run began, found numbers by place (number). Put that back, or begin a new run with: cancel and start");
    assertThatThrownBy(() -> Reading.goOn(database, query("SELECT 2 AS id", "id"), context))
        .hasMessageContaining("found a query by id (number).");
  }

  @Test
  void refusesAPositionInAnotherOrder(Database database) {
    numbers(database, 20);
    var context = new ExecutionContext();
    var before = Reading.begin(database, table("numbers", "id"));
    before.chunk(10);
    before.save(context);

    Rows.run(database, "ALTER TABLE numbers ALTER id TYPE int");
    assertThat(Reading.goOn(database, table("numbers", "id"), context).all(5)).hasSize(10);
    Rows.run(database, "ALTER TABLE numbers ALTER id TYPE text");
    assertThatThrownBy(() -> Reading.goOn(database, table("numbers", "id"), context))
        .hasMessageContaining("found numbers by id (text).");
  }

  @Test
  void refusesAKeyWhoseTextStandsForAnother(Database database) {
    Rows.run(
        database,
        "CREATE TYPE place AS (row int, seat int)",
        "CREATE FUNCTION shifted(place) RETURNS text IMMUTABLE RETURN '(1,' || ($1).seat - 1 || ')'",
        "CREATE CAST (place AS text) WITH FUNCTION shifted(place)",
        "CREATE TABLE places (id place PRIMARY KEY)",
        "INSERT INTO places SELECT (1, g)::place FROM generate_series(1, 5) AS g");
    var places = table("places", "id");
    var reading = Reading.begin(database, places);
    reading.chunk(1);

    assertThatThrownBy(() -> reading.chunk(1))
        .hasMessage(
            "expected keys after [(1,0)], found it again: its text form stands for another value. Name another key");
    assertThatThrownBy(() -> Reading.freeze(database, places, new ExecutionContext()))
        .hasMessage(
            "expected the outermost key to be [(1,4)], found one beyond it: its text form stands for another value. Name another key");
  }

  @Test
  void walksOverKeysThatDoNotMatch(Database database) {
    numbers(database, 1_000);
    var reading = Reading.begin(database, tableWhere("id IN (150, 151, 900)", "numbers", "id"));

    assertThat(reading.chunk(100)).isEmpty();
    assertThat(reading.counts()).isEqualTo("100 items, 100 walked, 100 filtered");
    assertThat(reading.chunk(100)).containsExactly("150", "151");
    assertThat(reading.counts()).isEqualTo("100 items, 100 walked, 98 filtered");
    assertThat(reading.chunk(5_000)).containsExactly("900");
    assertThat(reading.counts()).isEqualTo("800 items, 800 walked, 799 filtered, the last");
  }

  @Test
  void pagesThroughADistinctQuery(Database database) {
    Rows.run(
        database,
        "CREATE TABLE members (room_id text, user_id int, PRIMARY KEY (room_id, user_id))",
        "INSERT INTO members SELECT chr(65 + g % 3), g FROM generate_series(1, 9) AS g");

    var rooms =
        Reading.begin(database, query("SELECT DISTINCT room_id FROM members; -- all", "room_id"));

    assertThat(rooms.chunk(2)).containsExactly("A", "B");
    assertThat(rooms.chunk(2)).containsExactly("C");
    assertThat(rooms.counts()).isEqualTo("1 items, 1 walked, 0 filtered, the last");
  }

  @Test
  void endsAChunkBeforeItsWeightsExceedTheSize(Database database) {
    var reading = Reading.begin(database, weights(database, 40, 60, 1, 99, 100, 7));

    assertThat(reading.chunk(100)).containsExactly("1 40", "2 60");
    assertThat(reading.counts()).isEqualTo("100 items, 2 walked, 0 filtered");
    assertThat(reading.chunk(99)).containsExactly("3 1");
    assertThat(reading.chunk(99)).containsExactly("4 99");
    assertThat(reading.chunk(107)).containsExactly("5 100", "6 7");
    assertThat(reading.counts()).isEqualTo("107 items, 2 walked, 0 filtered, the last");
  }

  @Test
  void readsAtLeastOneItemHoweverHeavy(Database database) {
    var reading = Reading.begin(database, weights(database, 5_000_000_000L, 1));

    assertThat(reading.chunk(10)).containsExactly("1 5000000000");
    assertThat(reading.counts()).isEqualTo("5000000000 items, 1 walked, 0 filtered");
    assertThat(reading.chunk(10)).containsExactly("2 1");
  }

  @Test
  void addsUpWeightsBeyondALong(Database database) {
    var reading = Reading.begin(database, weights(database, Long.MAX_VALUE, Long.MAX_VALUE, 1));

    assertThat(reading.chunk(10)).containsExactly("1 9223372036854775807");
    assertThat(reading.chunk(10)).containsExactly("2 9223372036854775807");
  }

  @Test
  void takesNoMoreWeightlessItemsThanTheSize(Database database) {
    var reading = Reading.begin(database, weights(database, 0, 0, 0));

    assertThat(reading.chunk(2)).containsExactly("1 0", "2 0");
    assertThat(reading.counts()).isEqualTo("0 items, 2 walked, 0 filtered");
    assertThat(reading.chunk(2)).containsExactly("3 0");
    assertThat(reading.counts()).isEqualTo("0 items, 1 walked, 0 filtered, the last");
  }

  @Test
  void growsThePageWhileItemsAreLight(Database database) {
    numbers(database, 2_000);
    var reading = Reading.begin(database, query("SELECT id, 1 AS weight FROM numbers", "id"));

    var sizes = Stream.generate(() -> reading.chunk(1_000).size()).limit(5).toList();

    assertThat(sizes).containsExactly(25, 100, 400, 1_000, 475);
    assertThat(reading.reader.exhausted()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "NULL",
      value = {
        "-1,-1",
        "CAST(NULL AS int),null",
        "CAST('NaN' AS float8),NaN",
        "interval '5 days',5 days"
      })
  void refusesAWeightBelowZero(String weight, String found, Database database) {
    var reading = Reading.begin(database, query("SELECT 1 AS id, " + weight + " AS weight", "id"));

    assertThatThrownBy(() -> reading.chunk(10))
        .hasMessage("expected a weight of 0 or more, found %s at [1]", found);
  }

  @Test
  void refusesKeysThatAreTwiceInAQuery(Database database) {
    var twice = query("SELECT id FROM (VALUES (1), (2), (2), (3)) AS v (id)", "id");

    assertThatThrownBy(() -> Reading.begin(database, twice).chunk(10))
        .hasMessage(
            "expected the key of 'read.sql' to be unique, found [2] twice. Add DISTINCT, or the columns that tell the rows apart");
    // The second one follows the chunk.
    assertThatThrownBy(() -> Reading.begin(database, twice).chunk(2))
        .hasMessageStartingWith("expected the key of 'read.sql' to be unique, found [2] twice.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "numeric                   | 1.0      | 1.00",
        "float8                    | -0       | 0",
        "interval                  | 30 days  | 1 mon",
        "jsonb                     | [1.0]    | [1.00]",
        "numeric[]                 | {1.0}    | {1.00}",
        "numrange                  | [1,2.0]  | [1,2.00]",
        "citext                    | a        | A",
        "mail                      | a        | A",
        "price                     | (1.0)    | (1.00)",
        "text COLLATE nocase       | a        | A",
        "text[] COLLATE nocase     | {a}      | {A}",
        "varchar(9) COLLATE nocase | a        | A",
        "title                     | a        | A",
        "named                     | (a)      | (A)"
      })
  void refusesKeysThatAreEqualUnderTwoTexts(
      String type, String one, String other, Database database) {
    Rows.run(
        database,
        "CREATE EXTENSION citext",
        "CREATE DOMAIN mail AS citext",
        "CREATE TYPE price AS (amount numeric)",
        "CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
        "CREATE DOMAIN title AS text COLLATE nocase",
        "CREATE TYPE named AS (name text COLLATE nocase)",
        "CREATE TABLE keys (x " + type + ", n int)",
        "INSERT INTO keys VALUES ('%s', 1), ('%s', 2)".formatted(one, other));
    var equal = query("SELECT x FROM keys", "x");

    // At the end of a chunk, where one of them would be lost, and within.
    for (var size : List.of(1, 2, 10)) {
      assertThatThrownBy(() -> Reading.begin(database, equal).chunk(size))
          .hasMessageStartingWith("expected the key of 'read.sql' to be unique, found [")
          .hasMessageContaining("], which are equal. Add DISTINCT");
    }
  }

  @Test
  void readsKeysThatDifferWhereEqualOnesCouldBe(Database database) {
    Rows.run(
        database,
        "CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
        "CREATE TABLE keys (a text COLLATE nocase, b numeric, PRIMARY KEY (a, b))",
        "INSERT INTO keys SELECT chr(65 + n / 20) || n / 40, n FROM generate_series(1, 400) n");

    for (var read : List.of(table("keys", "a", "b"), query("SELECT a, b FROM keys", "a", "b"))) {
      assertThat(Reading.begin(database, read).all(7)).hasSize(400).doesNotHaveDuplicates();
    }
  }

  @Test
  void refusesNullInAQuerysKey(Database database) {
    numbers(database, 3);
    Rows.run(database, "ALTER TABLE numbers ADD place int", "UPDATE numbers SET place = id");
    var places = query("SELECT place FROM numbers", "place");
    var reading = Reading.begin(database, places);
    Rows.run(database, "UPDATE numbers SET place = NULL WHERE id = 2");

    assertThatThrownBy(() -> reading.chunk(10))
        .hasMessage(
            "expected no NULL in the key of 'read.sql', found [place] = [null]. Leave such rows out in the query");
    assertThatThrownBy(() -> Reading.begin(database, places))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected no NULL in the key of 'read.sql', found some in [place]. Such rows would be skipped; name a key without NULLs");
    assertThatThrownBy(() -> reading.reader.freezeEnd(new ExecutionContext()))
        .hasMessageStartingWith("expected no NULL in the key of 'read.sql', found [place] = [null");
  }

  @Test
  void saysWhereItIs(Database database) {
    numbers(database, 3);
    var reading = Reading.begin(database, table("numbers", "id"));

    assertThat(reading.reader.chunk().place()).isEqualTo("in the first chunk");
    reading.chunk(2);
    assertThat(reading.reader.chunk().place()).isEqualTo("in the chunk up to [2]");
    reading.chunk(2);
    assertThat(reading.reader.chunk().place()).isEqualTo("in the chunk after [2] up to [3]");
  }

  private static void numbers(Database database, int rows) {
    Rows.run(
        database,
        "CREATE TABLE numbers (id bigint PRIMARY KEY)",
        "INSERT INTO numbers SELECT generate_series(1, " + rows + ")");
  }

  /** A query of items 1, 2, 3 … with these weights. */
  private static Read weights(Database database, long... weights) {
    Rows.run(
        database,
        "CREATE TABLE items (id int PRIMARY KEY, weight bigint)",
        "INSERT INTO items SELECT row_number() OVER (), w FROM unnest(ARRAY%s) AS w"
            .formatted(Arrays.toString(weights)));
    return query("SELECT id, weight FROM items", "id");
  }
}
