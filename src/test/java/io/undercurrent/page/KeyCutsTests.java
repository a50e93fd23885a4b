package io.undercurrent.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.iteration.Checkpoint;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/** However the keys are, the parts together have each of them once. */
@PostgresTest
class KeyCutsTests {

  private static final int PARTS = 7;
  private static final String TEXTS =
      "CREATE TABLE texts AS SELECT DISTINCT repeat(chr(97 + trunc(random() * 3)::int), 1 + trunc(random() * 4)::int) || chr(64 + trunc(random() * 60)::int) || trunc(random() * 40)::int AS id FROM generate_series(1, 900)";

  @Test
  void cutsNumbers(Database database) {
    Rows.run(
        database,
        "CREATE TABLE numbers AS SELECT DISTINCT trunc(random() * 1e6)::int - 500000 AS id FROM generate_series(1, 900)",
        "ALTER TABLE numbers ADD PRIMARY KEY (id)");

    assertCut(database, Reading.table("numbers", "id"));
  }

  @Test
  void cutsTextsInTheOrderOfTheirCollation(Database database) {
    Rows.run(database, TEXTS, "ALTER TABLE texts ALTER id TYPE text COLLATE \"und-x-icu\"");
    Rows.run(database, "ALTER TABLE texts ADD PRIMARY KEY (id)");

    assertCut(database, Reading.table("texts", "id"));
  }

  @Test
  void cutsCompositeKeysDownwards(Database database) {
    Rows.run(
        database,
        "CREATE TABLE pairs AS SELECT DISTINCT (random() * 5)::int AS a, chr(97 + (random() * 20)::int) AS b, (random() * 10)::numeric(4, 1) AS c FROM generate_series(1, 900)",
        "ALTER TABLE pairs ADD PRIMARY KEY (a, b, c)");

    var down = new Walk(List.of(), List.of(), true);
    assertCut(database, new Read.Table("pairs", List.of("a", "b", "c"), null, down));
  }

  @Test
  void cutsBetweenTheEndsOfTheWalk(Database database) {
    Rows.run(
        database,
        "CREATE TABLE numbers (id int PRIMARY KEY)",
        "INSERT INTO numbers SELECT generate_series(1, 900)");
    var middle = new Walk(List.of(new Sql("100", 1)), List.of(new Sql("800", 1)), false);

    assertCut(database, new Read.Table("numbers", List.of("id"), null, middle));
  }

  @Test
  void cutsTwinsOfDifferentTextsOnce(Database database) {
    Rows.run(
        database,
        "CREATE TABLE numbers (a numeric, b int, PRIMARY KEY (a, b))",
        "INSERT INTO numbers SELECT trim_scale(i / 30 / 2.0), i FROM generate_series(1, 450) AS i",
        "INSERT INTO numbers SELECT (i / 30 / 2.0)::numeric(9, 4), i FROM generate_series(451, 900) AS i");

    assertCut(database, Reading.table("numbers", "a", "b"));
    assertCut(database, Reading.query("SELECT DISTINCT a FROM numbers", "a"));
  }

  @Test
  void cutsWhatIsLeftAfterAPosition(Database database) {
    Rows.run(
        database,
        "CREATE TABLE numbers (id int PRIMARY KEY)",
        "INSERT INTO numbers SELECT generate_series(1, 900)");
    var context = new ExecutionContext();
    var reading = Reading.freeze(database, Reading.table("numbers", "id"), context);
    reading.chunk(400);
    Rows.run(database, "INSERT INTO numbers SELECT generate_series(901, 1000)");
    reading.save(context);

    var parts = parts(database, Reading.table("numbers", "id"), context);

    assertThat(parts).hasSize(PARTS);
    assertThat(parts.stream().flatMap(List::stream)).first().isEqualTo("401");
    assertThat(parts.stream().flatMap(List::stream)).hasSize(500).last().isEqualTo("900");
  }

  /** They need not differ much for that: a part may be empty, but none is skipped or read twice. */
  private static void assertCut(Database database, Read read) {
    var all = Reading.freeze(database, read, new ExecutionContext()).all(1000);
    var context = new ExecutionContext();
    Reading.freeze(database, read, context);

    var parts = parts(database, read, context);

    assertThat(parts.size()).isGreaterThan(3);
    assertThat(parts.stream().flatMap(List::stream).toList()).isEqualTo(all);
    assertThat(parts).allSatisfy(part -> assertThat(part).hasSizeLessThan(all.size() / 2));
  }

  private static List<List<String>> parts(Database database, Read read, ExecutionContext context) {
    var whole = Reading.goOn(database, read, context).reader;
    var parts = new ArrayList<List<String>>();
    @Nullable List<String> start = Checkpoint.position(context.toMap());
    var cuts = whole.cuts(PARTS);
    for (int i = 0; i <= cuts.size(); i++) {
      var slice = new ExecutionContext(context);
      whole.save(KeysetChunk.endingAt(start), slice);
      if (i < cuts.size()) {
        slice.putString(Checkpoint.END, Checkpoint.text(cuts.get(i)));
        start = cuts.get(i);
      }
      parts.add(Reading.goOn(database, read, slice).all(100));
    }
    return parts;
  }
}
