package io.undercurrent.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.iteration.Checkpoint;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/** Walks that begin or end within the keys, and those from the greatest key down. */
@PostgresTest
class WalkTests {

  private static final List<Sql> ANY = List.of();

  @BeforeEach
  void createTables(Database database) {
    Rows.run(
        database,
        "CREATE TABLE numbers (id bigint PRIMARY KEY)",
        "INSERT INTO numbers SELECT generate_series(1, 9)",
        "CREATE TABLE members (room text, person int, PRIMARY KEY (room, person))",
        "INSERT INTO members SELECT room, person FROM unnest(ARRAY['a', 'b', 'c']) AS room, generate_series(1, 3) AS person");
  }

  @Test
  void goesFromTheGreatestKeyDown(Database database) {
    var down = walk(ANY, ANY, true);

    assertThat(all(database, numbers(null, down), 4)).isEqualTo("9 8 7 6 5 4 3 2 1");
    assertThat(all(database, numbers("id % 3 = 0", down), 4)).isEqualTo("9 6 3");
    assertThat(all(database, query("SELECT id FROM numbers", down), 4))
        .isEqualTo("9 8 7 6 5 4 3 2 1");
    assertThat(all(database, members(down), 2)).isEqualTo("c 3 c 2 c 1 b 3 b 2 b 1 a 3 a 2 a 1");
  }

  @Test
  void addsUpWeightsOnTheWayDown(Database database) {
    var reading =
        frozen(
            database,
            query("SELECT id, id AS weight FROM numbers", walk(ANY, ANY, true)),
            new ExecutionContext());

    assertThat(reading.chunk(20)).containsExactly("9 9", "8 8");
    assertThat(reading.chunk(1)).containsExactly("7 7");
    assertThat(reading.chunk(100)).hasSize(6);
    assertThat(reading.counts()).isEqualTo("21 items, 6 walked, 0 filtered, the last");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "4,     -,     false, 4 5 6 7 8 9",
        "-,     4,     false, 1 2 3 4",
        "3+1,   5+1,   false, 4 5 6",
        "-5,    50,    false, 1 2 3 4 5 6 7 8 9",
        "4,     -,     true,  4 3 2 1",
        "-,     4,     true,  9 8 7 6 5 4",
        "6,     4,     true,  6 5 4",
        "50,    -5,    true,  9 8 7 6 5 4 3 2 1",
        "10,    -,     false, ''",
        "6,     4,     false, ''",
      })
  void beginsAndEndsWithTheValuesThatAreGiven(
      @Nullable String from, @Nullable String to, boolean down, String found, Database database) {
    var walk = walk(list(from), list(to), down);

    assertThat(all(database, numbers(null, walk), 2)).isEqualTo(found);
    assertThat(all(database, numbers("id > 0", walk), 2)).isEqualTo(found);
    assertThat(all(database, query("SELECT DISTINCT id FROM numbers", walk), 2)).isEqualTo(found);
  }

  @Test
  void takesLeadingColumnsForAllKeysThatHaveThem(Database database) {
    assertThat(all(database, members(walk(sql("'b'"), ANY, false)), 2))
        .isEqualTo("b 1 b 2 b 3 c 1 c 2 c 3");
    assertThat(all(database, members(walk(sql("'a'", "3"), sql("'b'"), false)), 2))
        .isEqualTo("a 3 b 1 b 2 b 3");
    assertThat(all(database, members(walk(sql("'b'"), sql("'a'", "2"), true)), 2))
        .isEqualTo("b 3 b 2 b 1 a 3 a 2");
  }

  @Test
  void asksForTheValuesOnceInARun(Database database) {
    Rows.run(
        database, "CREATE TABLE bounds (least int, most int)", "INSERT INTO bounds VALUES (3, 7)");
    var read =
        numbers(null, walk(sql("SELECT least FROM bounds"), sql("SELECT most FROM bounds"), false));
    var context = new ExecutionContext();
    frozen(database, read, context);
    Rows.run(database, "UPDATE bounds SET least = 1, most = 9");

    var restarted = Reading.goOn(database, read, context);

    assertThat(restarted.chunk(2)).containsExactly("3", "4");
    restarted.save(context);
    assertThat(Checkpoint.begin(context.toMap())).containsExactly("3");
    assertThat(Reading.goOn(database, read, context).all(2)).containsExactly("5", "6", "7");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void leavesOutWhatIsInsertedBeyondItsEndsMeanwhile(boolean down, Database database) {
    Rows.run(database, "DELETE FROM numbers WHERE id IN (1, 5, 9)");
    var read = numbers(null, walk(ANY, sql(down ? "0" : "10"), down));
    var context = new ExecutionContext();
    frozen(database, read, context);
    Rows.run(
        database,
        "INSERT INTO numbers VALUES (5), (" + (down ? 1 : 9) + "), (" + (down ? 9 : 1) + ")");

    var walked = Reading.goOn(database, read, context).all(3);

    assertThat(String.join(" ", walked)).isEqualTo(down ? "8 7 6 5 4 3 2" : "1 2 3 4 5 6 7 8");
  }

  @Test
  void goesOnAfterItsPositionOnTheWayDown(Database database) {
    var read = members(walk(ANY, ANY, true));
    var context = new ExecutionContext();
    var killed = frozen(database, read, context);
    killed.chunk(4);
    killed.save(context);
    killed.chunk(1);

    assertThat(Reading.goOn(database, read, context).chunk(2)).containsExactly("b 2", "b 1");
  }

  @Test
  void refusesToGoOnInTheOtherDirection(Database database) {
    var context = new ExecutionContext();
    frozen(database, numbers(null, Walk.ALL), context);

    assertThatThrownBy(() -> Reading.goOn(database, numbers(null, walk(ANY, ANY, true)), context))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected to read numbers by id (number), as when this run began, found numbers by id (number), descending. Put that back, or begin a new run with: cancel and start");
  }

  @Test
  void endsAChunkAtOneOfItsRowsOnTheWayDown(Database database) {
    var reader =
        frozen(database, numbers("id % 2 = 1", walk(ANY, ANY, true)), new ExecutionContext())
            .reader;
    var chunk = reader.next(new ChunkBounds(9, 9));

    assertThat(reader.cut(chunk, 2).end()).containsExactly("7");
    assertThat(reader.cut(chunk, 2).rowsWalked()).isEqualTo(3);
    assertThat(reader.before(chunk, 2).end()).containsExactly("6");
    assertThat(reader.before(chunk, 2).rowsWalked()).isEqualTo(4);
    assertThat(reader.before(chunk, 0).rowsWalked()).isZero();
    assertThat(reader.nextKey().end()).containsExactly("9");
    assertThat(reader.next(new ChunkBounds(9, 9), List.of("8")).end()).containsExactly("8");
  }

  @Test
  void seeksPagesInTheIndexOnTheWayDown(Database database) {
    Rows.run(
        database,
        "INSERT INTO members SELECT g / 10, g % 10 FROM generate_series(100, 9000) AS g",
        "ANALYZE members");
    var pages = Reading.pages(database, members(walk(ANY, ANY, true)));

    for (var statement : List.of(pages.sql().page(List.of("500", "5"), 9), pages.sql().last())) {
      var plan =
          statement.parameters().isEmpty() ? "" : "Index Cond: \\(ROW\\(room, person\\) < ROW.*";
      assertThat(Reading.plan(database, statement))
          .anyMatch(line -> line.matches(".*Index Only Scan.* using members_pkey.*"))
          .anyMatch(line -> line.matches(".*" + plan))
          .noneMatch(line -> line.contains("Sort"));
    }
  }

  @Test
  void refusesValuesThatNoColumnIsFor(Database database) {
    assertThatThrownBy(() -> all(database, numbers(null, walk(sql("1", "2"), ANY, false)), 1))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected 'from' to have a value for each column of the key (id), or for the first of them, found 2");
    assertThatThrownBy(() -> all(database, numbers(null, walk(ANY, sql("6.7"), false)), 1))
        .hasMessage(
            "expected an integer in 'to', since the key is one, found a fraction that would be rounded to 7");
    assertThatThrownBy(() -> all(database, numbers(null, walk(ANY, sql("NULL"), false)), 1))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected a value in 'to', found NULL. Give it another one where there is none, with coalesce");
  }

  @Test
  void expectsOnlyTheRowsOfItsPart(Database database) {
    Rows.run(database, "INSERT INTO numbers SELECT generate_series(10, 10000)", "ANALYZE numbers");

    var part =
        frozen(database, numbers(null, walk(sql("9001"), ANY, false)), new ExecutionContext());

    assertThat(part.reader.expectedRows()).isBetween(900L, 1_100L);
  }

  private static String all(Database database, Read read, int size) {
    var reading = frozen(database, read, new ExecutionContext());
    return reading.reader.exhausted() ? "" : String.join(" ", reading.all(size));
  }

  private static Reading frozen(Database database, Read read, ExecutionContext context) {
    return Reading.freeze(database, read, context);
  }

  private static Read numbers(@Nullable String where, Walk walk) {
    return new Read.Table("numbers", List.of("id"), where == null ? null : new Sql(where, 1), walk);
  }

  private static Read members(Walk walk) {
    return new Read.Table("members", List.of("room", "person"), null, walk);
  }

  private static Read query(String sql, Walk walk) {
    return new Read.Query(new Sql(sql, 1), List.of("id"), walk);
  }

  private static Walk walk(List<Sql> from, List<Sql> to, boolean down) {
    return new Walk(from, to, down);
  }

  private static List<Sql> list(@Nullable String value) {
    return value == null ? ANY : sql(value);
  }

  private static List<Sql> sql(String... values) {
    return Arrays.stream(values).map(value -> new Sql(value, 1)).toList();
  }
}
