package io.undercurrent.page;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.testing.PostgresTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.batch.infrastructure.item.ExecutionContext;

@PostgresTest
class CsvPagesTests {

  @TempDir private Path directory;

  @Test
  void walksTheLinesInTheirOrder(Database database) throws IOException {
    write("name,id\nc,3\na,1\nb,\"2\"\n");

    var reading = Reading.freeze(database, fixes("id", "bigint"), new ExecutionContext());

    assertThat(reading.chunk(2)).containsExactly("2 3 c", "3 1 a");
    assertThat(reading.counts()).isEqualTo("2 items, 2 walked, 0 filtered");
    assertThat(reading.chunk(2)).containsExactly("4 2 b");
    assertThat(reading.counts()).isEqualTo("1 items, 1 walked, 0 filtered, the last");
    assertThat(reading.reader.expectedRows()).isEqualTo(3);
    assertThat(reading.reader.axis()).isEqualTo("fixes.csv by line (number), id (number)");
  }

  @Test
  void goesOnAfterItsLine(Database database) throws IOException {
    write("id\n10\n20\n30\n40\n");
    var context = new ExecutionContext();
    var killed = Reading.freeze(database, fixes("id", "int"), context);
    killed.chunk(2);
    killed.save(context);
    killed.chunk(1);

    assertThat(Reading.goOn(database, fixes("id", "int"), context).all(2))
        .containsExactly("4 30", "5 40");

    write("id\n10\n20\n30\n50\n");
    assertThatThrownBy(() -> Reading.goOn(database, fixes("id", "int"), context))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("to stay as it was when this run began (15 bytes, SHA-256 ");
  }

  @Test
  void endsAChunkAtOneOfItsLines(Database database) throws IOException {
    write("id\n10\n20\n30\n40\n");
    var reader = Reading.freeze(database, fixes("id", "int"), new ExecutionContext()).reader;
    var chunk = reader.next(new ChunkBounds(4, 4));

    assertThat(reader.cut(chunk, 2).end()).containsExactly("3", "20");
    assertThat(reader.before(chunk, 2).rowsWalked()).isEqualTo(2);
    assertThat(reader.nextKey().end()).containsExactly("2", "10");
    assertThat(reader.next(new ChunkBounds(4, 4), List.of("4", "30")).rows()).hasSize(3);
    assertThat(reader.next(new ChunkBounds(1, 1)).rows()).hasSize(1);
  }

  @Test
  void findsARowByItsKeyWhereverItIs(Database database) throws IOException {
    write("id,name\n10,a\n20,b\n");
    var reader = Reading.begin(database, fixes("id", "int")).reader;
    write("id,name\n5,x\n10,a\n20,better\n");

    assertThat(reader.only(List.of("3", "20")))
        .singleElement()
        .satisfies(row -> assertThat(row.values()).containsExactly("4", "20", "better"));
    assertThat(reader.only(List.of("3", "30"))).isEmpty();
  }

  @Test
  void hasNothingToReadWithoutLines(Database database) throws IOException {
    write("id\n");

    assertThat(
            Reading.freeze(database, fixes("id", "int"), new ExecutionContext()).reader.exhausted())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bigint  | id;1;2;1       | 4: expected each key once, found [1], which is [1] in line 2",
        "bigint  | id;7;1;01      | 4: expected each key once, found [01], which is [1] in line 3",
        "numeric | id;1.0;2;1.00  | 4: expected each key once, found [1.00], which is [1.0] in line 2",
        "text    | id;a;A;a       | 4: expected each key once, found [a], which is [a] in line 2",
        "bigint  | id;1;;2        | 3: expected a value in the key column 'id', found nothing",
        "bigint  | id;1;2;x3;4    | 4: invalid input syntax for type bigint: \"x3\" (SQLSTATE 22P02)",
        "bigint  | name;1         | 1: expected the column 'id', found [name]",
        "bigint  | id,line;1,2    | 1: expected no column 'line', which is the number of the line. Give it another name"
      })
  void refusesAKeyThatIsNone(String type, String lines, String problem, Database database)
      throws IOException {
    write(lines.replace(';', '\n') + "\n");

    assertThatThrownBy(
            () -> {
              var pages = Reading.pages(database, fixes("id", type));
              pages.check(Reading.jdbc(database));
            })
        .isInstanceOf(RefusedException.class)
        .hasMessage(directory.resolve("fixes.csv") + ":" + problem);
  }

  @Test
  void refusesNamesThatPostgresCuts(Database database) throws IOException {
    var longest = "ä".repeat(31) + "x";
    write(longest + "," + longest + "y\n1,2\n");

    assertThatThrownBy(() -> Reading.pages(database, fixes(longest, "int")))
        .isInstanceOf(RefusedException.class)
        .hasMessageEndingWith(
            ":1: expected names of at most 63 bytes, as PostgreSQL has them, found '%sy'", longest);
  }

  @Test
  void refusesATypeWithALength(Database database) throws IOException {
    write("id\n1\n");

    assertThatThrownBy(() -> Reading.pages(database, fixes("id", "numeric(9, 2)")))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected a type without a length for the column 'id', found numeric(9, 2). Leave the length out, and cast the column in 'write'");
  }

  @Test
  void comparesCompositeKeysAsAWhole(Database database) throws IOException {
    write("a,b\n1,x\n1,y\n2,x\n");
    var read = read(List.of("a", "b"), Map.of("a", "int"));

    Reading.pages(database, read).check(Reading.jdbc(database));

    write("a,b\n1,x\n1,y\n01,x\n");
    assertThatThrownBy(() -> Reading.pages(database, read).check(Reading.jdbc(database)))
        .hasMessageEndingWith(
            ":4: expected each key once, found [01, x], which is [1, x] in line 2");
  }

  @Test
  void findsWhatIsWrongFarFromTheBeginning(Database database) throws IOException {
    var numbers = IntStream.range(0, 25_000).mapToObj(String::valueOf).collect(joining("\n"));
    write("id\n" + numbers + "\n17\n");

    assertThatThrownBy(
            () -> Reading.pages(database, fixes("id", "int")).check(Reading.jdbc(database)))
        .hasMessageEndingWith(
            ":25002: expected each key once, found [17], which is [17] in line 19");

    var again = IntStream.range(0, 10_000).mapToObj(String::valueOf).collect(joining("\n"));
    write("id\n" + again + "\n" + again + "\n");
    assertThatThrownBy(
            () -> Reading.pages(database, fixes("id", "int")).check(Reading.jdbc(database)))
        .hasMessageContaining(": expected each key once, found [");

    write("id\n" + numbers + "\nx\n");
    assertThatThrownBy(
            () -> Reading.pages(database, fixes("id", "int")).check(Reading.jdbc(database)))
        .hasMessageContaining(":25002: invalid input syntax for type integer: \"x\"");
  }

  private void write(String text) throws IOException {
    Files.writeString(directory.resolve("fixes.csv"), text);
  }

  private Read fixes(String key, String type) {
    return read(List.of(key), Map.of(key, type));
  }

  private Read read(List<String> key, Map<String, String> types) {
    return new Read.Csv("fixes.csv", directory.resolve("fixes.csv"), key, types);
  }
}
