package io.undercurrent.page;

import static io.undercurrent.page.Reading.pages;
import static io.undercurrent.page.Reading.plan;
import static io.undercurrent.page.Reading.query;
import static io.undercurrent.page.Reading.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@PostgresTest
class KeysetPagesTests {

  @BeforeEach
  void createTable(Database database) {
    Rows.run(
        database,
        "CREATE TABLE members (room_id text, user_id text, domain text, PRIMARY KEY (room_id, user_id))",
        "INSERT INTO members SELECT g / 10, g % 10 FROM generate_series(1, 10000) AS g",
        "ANALYZE members");
  }

  @Test
  void putsNoConditionOnTheFirstPage(Database database) {
    var pages = pages(database, table("members", "room_id", "user_id"));

    assertThat(pages.sql().page(null, 7).text())
        .isEqualTo(
            """
            SELECT CAST("room_id" AS text) AS "text of room_id", CAST("user_id" AS text) AS "text of user_id"
              FROM members
             ORDER BY "room_id", "user_id"
             LIMIT ?""");
    assertThat(pages.sql().page(null, 7).parameters()).containsExactly(7);
  }

  @Test
  void comparesRowsOnFurtherPages(Database database) {
    var page =
        pages(database, table("members", "room_id", "user_id")).sql().page(List.of("a", "b"), 7);

    assertThat(page.text())
        .contains(
            "\n WHERE (\"room_id\", \"user_id\") OPERATOR(pg_catalog.>) (CAST(? AS \"text\"), CAST(? AS \"text\"))\n");
    assertThat(page.parameters()).containsExactly("a", "b", 7);
  }

  @Test
  void seeksPagesInTheIndex(Database database) {
    var pages = pages(database, table("members", "room_id", "user_id"));
    var after = List.of("500", "5");

    for (var statement : List.of(pages.sql().page(after, 100), pages.sql().end(after, 100))) {
      assertThat(plan(database, statement))
          .anyMatch(line -> line.contains("Index Only Scan using members_pkey"))
          .anyMatch(line -> line.matches(" *Index Cond: \\(ROW\\(room_id, user_id\\) > ROW\\(.*"))
          .noneMatch(line -> line.contains("Seq Scan"));
    }
  }

  @Test
  void seeksTheItemsOfAPageInTheIndex(Database database) {
    var pages = pages(database, table("members", "room_id", "user_id"));
    var items =
        pages
            .sql()
            .items(
                List.of("500", "5"),
                List.of("510", "5"),
                100,
                BoundSql.of("domain IS NULL OR domain = ?", List.of("x")));

    assertThat(plan(database, items))
        .anyMatch(line -> line.contains("Index Scan using members_pkey"))
        .anyMatch(
            line ->
                line.matches(
                    " *Index Cond: \\(\\(ROW\\(room_id, user_id\\) > .* <= ROW\\('510'.*"));
  }

  @Test
  void pushesThePageIntoADistinctQuery(Database database) {
    var pages = pages(database, query("SELECT DISTINCT room_id FROM members", "room_id"));

    assertThat(plan(database, pages.sql().page(List.of("500"), 100)))
        .anyMatch(line -> line.contains("Index Only Scan using members_pkey"))
        .anyMatch(line -> line.contains("Index Cond: (room_id > '500'::text)"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT room_id, user_id FROM members                     | ''",
        "SELECT room_id, user_id, 1 AS weight FROM members        | ''",
        "SELECT user_id, domain, room_id FROM members             | FOR NO KEY UPDATE"
      })
  void locksRowsOfWhichMoreThanTheKeyIsRead(String sql, String lock, Database database) {
    assertThat(pages(database, query(sql, "room_id", "user_id")).sql().lock()).isEqualTo(lock);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT DISTINCT room_id, domain FROM members                             | DISTINCT clause",
        "SELECT room_id, count(*) AS domain FROM members GROUP BY room_id         | GROUP BY clause",
        "SELECT room_id, domain FROM members UNION SELECT room_id, '' FROM members| UNION/INTERSECT/EXCEPT"
      })
  void refusesAQueryThatCannotLockWhatItReads(String sql, String clause, Database database) {
    assertThatThrownBy(() -> pages(database, query(sql, "room_id")))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected a query whose rows can be locked, since it reads more than its key: [domain]. Found: FOR NO KEY UPDATE is not allowed with %s (SQLSTATE 0A000). Read only the key, and look up the rest in 'write'",
            clause);
  }

  @Test
  void refusesToLockWhatAnOuterJoinAdds(Database database) {
    var join =
        query(
            "SELECT m.room_id, m.user_id, o.domain FROM members m LEFT JOIN members o USING (room_id)",
            "room_id",
            "user_id");

    assertThatThrownBy(() -> pages(database, join))
        .hasMessageContaining("cannot be applied to the nullable side of an outer join");
  }

  @Test
  void refusesAKeyThatTheQueryDoesNotReturn(Database database) {
    assertThatThrownBy(() -> pages(database, query("SELECT room_id FROM members", "roomid")))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected the key column 'roomid' in the result of 'read.sql', found [room_id], did you mean 'room_id'?");
  }
}
