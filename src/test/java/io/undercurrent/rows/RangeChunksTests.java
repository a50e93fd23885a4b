package io.undercurrent.rows;

import static io.undercurrent.page.Reading.jdbc;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.page.ChunkBounds;
import io.undercurrent.page.KeysetPages;
import io.undercurrent.page.KeysetReader;
import io.undercurrent.page.Read;
import io.undercurrent.page.Walk;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.SteppedTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.RowMapper;

/** Chunks whose keys stay in the server: how far each goes, and what it counts. */
@PostgresTest
class RangeChunksTests {

  private static final String UPDATE = "UPDATE \"Mails\" SET n = n + 1";
  private static final String DELETE = "DELETE FROM \"Mails\"";

  private JdbcTemplate jdbc;

  @BeforeEach
  void createMails(Database database) {
    Rows.run(
        database,
        "CREATE TABLE \"Mails\" (\"Room\" text, chunk_no int, n int NOT NULL DEFAULT 0, PRIMARY KEY (\"Room\", chunk_no))",
        "INSERT INTO \"Mails\" SELECT concat('r', i % 7), i FROM generate_series(1, 500) AS i");
    jdbc = jdbc(database);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ascending  | 1000 | 1000 |
          ascending  | 60   | 60   | chunk_no % 3 = 0
          ascending  | 60   | 20   | chunk_no % 3 = 0
          ascending  | 300  | 10   | chunk_no % 3 = 0
          ascending  | 300  | 10   | chunk_no BETWEEN 200 AND 300
          ascending  | 300  | 10   | false
          ascending  | 9    | 1    | true
          ascending  | 1    | 1    | chunk_no % 3 = 0
          descending | 100  | 100  |
          descending | 60   | 20   | chunk_no % 3 = 0
          descending | 300  | 10   | "Room" = 'r3'
          """)
  void reachesEachRowOnceWithinItsBounds(
      String order, int items, int written, @Nullable String where) {
    var reader = reader(order, where);
    var ranges = ranges(reader, where, UPDATE, null);
    var walked = 0L;
    var matching = 0L;
    while (!reader.exhausted()) {
      var done = ranges.work(new ChunkBounds(items, written), range -> {});
      assertThat(done.chunk().rowsWalked()).isLessThanOrEqualTo(items);
      assertThat(done.matching()).isLessThanOrEqualTo(written);
      assertThat(done.changed().total()).isEqualTo(done.matching());
      walked += done.chunk().rowsWalked();
      matching += done.matching();
      reader.advance(done.chunk());
    }

    assertThat(walked).isEqualTo(500);
    assertThat(matching).isEqualTo(count(where == null ? "true" : where));
    assertThat(count("n = 1")).isEqualTo(matching);
    assertThat(count("n > 1")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "chunk_no % 3 = 0", "chunk_no BETWEEN 200 AND 300"})
  void countsTheRowsThatItDeletesAsWalked(String where) {
    var matching = count(where);
    var reader = reader("ascending", where);
    var ranges = ranges(reader, where, DELETE, null);
    var walked = 0L;
    var deleted = 0L;
    while (!reader.exhausted()) {
      var done = ranges.work(new ChunkBounds(300, 10), range -> {});
      assertThat(done.chunk().rowsWalked()).isBetween((int) done.matching(), 300);
      walked += done.chunk().rowsWalked();
      deleted += done.matching();
      reader.advance(done.chunk());
    }

    assertThat(walked).isEqualTo(500);
    assertThat(deleted).isEqualTo(matching);
  }

  @Test
  void countsARowThatComesIntoItsRangeMeanwhile() {
    var reader = reader("ascending", null);
    var ranges = ranges(reader, null, DELETE, null);

    var done =
        ranges.work(
            new ChunkBounds(100, 100),
            range -> jdbc.execute("INSERT INTO \"Mails\" VALUES ('a', 0)"));

    assertThat(done.changed().total()).isEqualTo(101);
    assertThat(done.matching()).isEqualTo(101);
  }

  /** They fill the chunk that was to be the last, before where it ends is looked up. */
  @Test
  void goesOnBehindRowsThatComeInFrontOfItsLast() {
    var pages = KeysetPages.of(jdbc, table("ascending", null), Map.of());
    var meanwhile =
        new JdbcTemplate(requireNonNull(jdbc.getDataSource())) {
          private int queries;

          @Override
          public <T> List<T> query(PreparedStatementCreator statement, RowMapper<T> mapper) {
            if (++queries == 2) {
              execute("INSERT INTO \"Mails\" SELECT 'a', i FROM generate_series(1, 600) AS i");
            }
            return super.query(statement, mapper);
          }
        };
    var reader = new KeysetReader(meanwhile, pages);
    var ranges = ranges(reader, null, UPDATE, null);
    while (!reader.exhausted()) {
      reader.advance(ranges.work(new ChunkBounds(600, 600), range -> {}).chunk());
    }

    assertThat(count("n = 0")).isZero();
  }

  private static final String ODD = "chunk_no % 2 = 1";

  @ParameterizedTest
  @ValueSource(ints = {500, 50, 5})
  void countsWhatIsLeftAloneAsMatching(int written) {
    var reader = reader("ascending", ODD);
    var ranges = ranges(reader, ODD, UPDATE, "chunk_no > 250");
    var matching = 0L;
    var changed = 0L;
    while (!reader.exhausted()) {
      var done = ranges.work(new ChunkBounds(500, written), range -> {});
      matching += done.matching();
      changed += done.changed().byStatement().stream().mapToLong(Long::longValue).sum();
      reader.advance(done.chunk());
    }

    assertThat(matching).isEqualTo(250);
    assertThat(changed).isEqualTo(125);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 50, 5})
  void countsARowThatATriggerKeeps(int written) {
    jdbc.execute(
        """
        CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF old.chunk_no = 7 THEN RETURN NULL; END IF; RETURN old; END $$;
        CREATE TRIGGER keep BEFORE DELETE ON "Mails" FOR EACH ROW EXECUTE FUNCTION keep()""");
    var reader = reader("ascending", ODD);
    var ranges = ranges(reader, ODD, DELETE, null);
    var matching = 0L;
    while (!reader.exhausted()) {
      var done = ranges.work(new ChunkBounds(500, written), range -> {});
      matching += done.matching();
      reader.advance(done.chunk());
    }

    assertThat(matching).isEqualTo(250);
    assertThat(count(ODD)).isEqualTo(1);
  }

  /** Other rows of the table would make the filter fail. */
  @ParameterizedTest
  @ValueSource(ints = {100, 3})
  void asksOnlyTheRowsOfTheRange(int written) {
    jdbc.execute("UPDATE \"Mails\" SET n = 1");
    jdbc.execute("UPDATE \"Mails\" SET n = 0 WHERE \"Room\" > 'r0'");
    var where = "1 / n = 1";
    var reader = reader("ascending", where);

    var done = ranges(reader, where, UPDATE, null).work(new ChunkBounds(40, written), range -> {});

    assertThat(done.matching()).isEqualTo(Math.min(40, written));
  }

  @Test
  void leavesWhatReadsTheChunkToTheOtherWay() {
    var where = "EXISTS (SELECT FROM Chunk)";
    var change = new RangeChange(UPDATE, where);

    assertThat(change.mentionsChunk(null)).isTrue();
    assertThat(new RangeChange(UPDATE, null).mentionsChunk("chunk_no = 1")).isFalse();
    assertThat(new RangeChange(UPDATE, null).mentionsChunk("\"chunk\".id = 1")).isTrue();
  }

  @Test
  void leavesTablesWithRulesToTheOtherWay() {
    jdbc.execute("CREATE RULE quiet AS ON UPDATE TO \"Mails\" DO INSTEAD NOTHING");

    assertThat(writer(null, UPDATE, null)).isEmpty();
  }

  /** The statistics say that all rows are in the range, and none is in the index on the filter. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void neverScansTheTable(boolean bounded) {
    jdbc.execute("CREATE INDEX by_n ON \"Mails\" (n)");
    jdbc.execute("ALTER TABLE \"Mails\" ADD COLUMN wide text");
    jdbc.execute("ALTER TABLE \"Mails\" SET (autovacuum_enabled = off)");
    jdbc.execute("ANALYZE \"Mails\"");
    jdbc.execute("DELETE FROM \"Mails\"");
    jdbc.execute(
        "INSERT INTO \"Mails\" SELECT concat('s', i), i, 0, repeat('w', 300) FROM generate_series(1, 20000) AS i");
    var where = "n = 5";
    var reader = reader("ascending", where);
    var writer = writer(where, UPDATE, null).orElseThrow();
    jdbc.execute("BEGIN; " + RangeWriter.BY_INDEX);

    var walk = reader.walk(reader.chunk(), 300);
    var statement =
        bounded ? writer.atMost(reader.table(), walk, 10) : writer.statement(reader.table(), walk);
    var plans = List.of(plan(reader.table().sql().nth(null, 300)), plan(statement));
    jdbc.execute("ROLLBACK");

    assertThat(plans)
        .allSatisfy(plan -> assertThat(plan).contains("\"Mails_pkey\"").doesNotContain("Seq Scan"))
        .allSatisfy(plan -> assertThat(plan).doesNotContain("by_n"));
  }

  private String plan(BoundSql statement) {
    return String.valueOf(statement.plan(jdbc));
  }

  private long count(String where) {
    return jdbc.queryForObject("SELECT count(*) FROM \"Mails\" WHERE " + where, Long.class);
  }

  private static Read.Table table(String order, @Nullable String where) {
    return new Read.Table(
        "\"Mails\"",
        List.of("Room", "chunk_no"),
        where == null ? null : new Sql(where, 1),
        new Walk(List.of(), List.of(), order.equals("descending")));
  }

  private KeysetReader reader(String order, @Nullable String where) {
    return new KeysetReader(jdbc, KeysetPages.of(jdbc, table(order, where), Map.of()));
  }

  private Optional<RangeWriter> writer(
      @Nullable String where, String change, @Nullable String onlyIf) {
    var work =
        new ReadWrite(table("ascending", where), null, new Write.Statements(new ArrayList<>()));
    return RangeWriter.of(
        jdbc, work, Optional.of(new RangeChange(change, onlyIf)), Map.of(), new SteppedTime());
  }

  private RangeChunks ranges(
      KeysetReader reader, @Nullable String where, String change, @Nullable String onlyIf) {
    return new RangeChunks(reader, writer(where, change, onlyIf).orElseThrow(), new SteppedTime());
  }
}
