package io.undercurrent.rows;

import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.statements;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.iteration.Beans;
import io.undercurrent.kind.UpdateCheck;
import io.undercurrent.page.Read;
import io.undercurrent.page.Reading;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemStream;

/** What a check says of updates with lanes. */
@PostgresTest
class LaneRuleTests {

  private static final String DEPENDS =
      "expected what can be worked on in several lanes, found that its chunks depend on each other: it changes %s and reads other rows there, too. Leave out 'lanes'";

  @BeforeEach
  void createTables(Database database) {
    createTable(database, "numbers", 300);
    Rows.run(
        database,
        "CREATE INDEX ON numbers (n)",
        "CREATE TABLE totals (n int PRIMARY KEY, rows int NOT NULL)");
  }

  @Test
  void allowsWhatChangesTheRowsOfItsKeys(Database database) {
    assertThat(
            check(database, "UPDATE numbers SET n = n + 1 FROM chunk WHERE numbers.id = chunk.id"))
        .isEmpty();
    assertThat(check(database, "DELETE FROM numbers USING chunk WHERE numbers.id = chunk.id"))
        .isEmpty();
  }

  @Test
  void allowsWhatAddsUpElsewhere(Database database) {
    assertThat(
            check(
                database,
                "INSERT INTO totals SELECT numbers.n, count(*) FROM chunk JOIN numbers USING (id) GROUP BY 1 ON CONFLICT (n) DO UPDATE SET rows = totals.rows + excluded.rows"))
        .isEmpty();
  }

  @Test
  void refusesDeletionsOfWhatIsThereTwice(Database database) {
    assertThat(
            check(
                database,
                "DELETE FROM numbers USING chunk WHERE numbers.id = chunk.id AND EXISTS (SELECT FROM numbers AS other WHERE other.n = numbers.n AND other.id <> numbers.id)"))
        .containsExactly(DEPENDS.formatted("numbers"));
  }

  @Test
  void refusesInsertionsOfWhatIsMissing(Database database) {
    assertThat(
            check(
                database,
                "INSERT INTO totals SELECT DISTINCT numbers.n, 1 FROM chunk JOIN numbers USING (id) WHERE NOT EXISTS (SELECT FROM totals WHERE totals.n = numbers.n)"))
        .containsExactly(DEPENDS.formatted("totals"));
  }

  @Test
  void refusesStatementsThatReadWhatAnotherOneChanges(Database database) {
    assertThat(
            check(
                database,
                "UPDATE numbers SET n = n + 1 FROM chunk WHERE numbers.id = chunk.id",
                "INSERT INTO totals SELECT (SELECT max(n) FROM numbers), id FROM chunk"))
        .containsExactly(DEPENDS.formatted("numbers"));
  }

  @Test
  void refusesFiltersThatLookAtOtherRows(Database database) {
    var where = "n < (SELECT avg(n) FROM numbers AS others)";
    var read = new Read.Table("numbers", List.of("id"), new Sql(where, 1));

    assertThat(
            check(
                database,
                Beans.NONE,
                new ReadWrite(
                    read,
                    null,
                    statements(
                        "UPDATE numbers SET n = n + 1 FROM chunk WHERE numbers.id = chunk.id"))))
        .contains(DEPENDS.formatted("numbers"));
  }

  @Test
  void refusesKeysThatAreNotOfOneTable(Database database) {
    var read = Reading.query("SELECT id + 0 AS id FROM numbers WHERE id < 5", "id");

    assertThat(
            check(
                database,
                Beans.NONE,
                new ReadWrite(
                    read, null, statements("INSERT INTO totals SELECT id, 1 FROM chunk"))))
        .anyMatch(
            problem ->
                problem.contains(
                    "found that the columns of its key are not those of one table, by which it could be cut"));
  }

  @Test
  void refusesKeysOfAViewOverSeveralTables(Database database) {
    Rows.run(
        database,
        "CREATE VIEW sums AS SELECT id, rows FROM numbers JOIN totals ON totals.n = numbers.n");
    var read = Reading.query("SELECT id, rows FROM sums", "id");

    assertThat(
            check(
                database,
                Beans.NONE,
                new ReadWrite(
                    read, null, statements("INSERT INTO totals SELECT id, rows FROM chunk"))))
        .anyMatch(
            problem ->
                problem.contains("found that the columns of its key are not those of one table"));
  }

  @Test
  void refusesBeansThatKeepSomething(Database database) {
    var read = new Read.Table("numbers", List.of("id"), null);

    assertThat(
            check(
                database,
                new OneBean(new Summing()),
                new ReadWrite(
                    read, "summing", statements("INSERT INTO totals SELECT id, 1 FROM chunk"))))
        .containsExactly(
            "expected what can be worked on in several lanes, found that a bean of it keeps something from chunk to chunk (ItemStream). Leave out 'lanes'");
  }

  private static List<String> check(Database database, String... sql) {
    return check(
        database,
        Beans.NONE,
        new ReadWrite(new Read.Table("numbers", List.of("id"), null), null, statements(sql)));
  }

  private static List<String> check(Database database, Beans beans, ReadWrite work) {
    var update = update("numbers", work);
    return new UpdateCheck(Reading.jdbc(database), Map.of(), beans)
        .check(update.with(update.options().inLanes(2))).stream()
            .filter(problem -> problem.seriousness() == UpdateCheck.Seriousness.REFUSED)
            .map(UpdateCheck.Problem::message)
            .toList();
  }

  private record OneBean(Object bean) implements Beans {

    @Override
    public <T> T get(String name, Class<T> type) {
      return type.cast(bean);
    }
  }

  private static final class Summing implements ItemProcessor<Object, Object>, ItemStream {

    @Override
    public @Nullable Object process(Object row) {
      return row;
    }

    @Override
    public void update(ExecutionContext context) {}
  }
}
