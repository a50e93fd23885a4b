package io.undercurrent.page;

import static io.undercurrent.page.Reading.pages;
import static io.undercurrent.page.Reading.query;
import static io.undercurrent.page.Reading.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@PostgresTest
class WalkedTableTests {

  @BeforeEach
  void createTable(Database database) {
    Rows.run(database, "CREATE TABLE rooms (id bigint NOT NULL, name text)");
  }

  @Test
  void refusesATableWithInheritanceChildren(Database database) {
    Rows.run(
        database,
        "ALTER TABLE rooms ADD PRIMARY KEY (id)",
        "CREATE TABLE \"Old rooms\" () INHERITS (rooms)");

    assertThatThrownBy(() -> pages(database, table("rooms", "id")))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected a table without inheritance children, found such as [\"Old rooms\"], which the indexes of table rooms do not reach. Have an update for each table, with 'read: {sql: SELECT id FROM ONLY rooms, key: [id]}', and write to ONLY it");
    assertThat(pages(database, query("SELECT id FROM ONLY rooms", "id")).names())
        .containsExactly("id");
  }

  @Test
  void takesAPartitionedTableAndAChild(Database database) {
    Rows.run(
        database,
        "CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY RANGE (id)",
        "CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (100)",
        "CREATE TABLE child (PRIMARY KEY (id)) INHERITS (rooms)");

    for (var table : List.of("parts", "part", "child")) {
      assertThat(pages(database, table(table, "id")).names()).containsExactly("id");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CREATE VIEW many AS SELECT id FROM rooms, a view",
    "CREATE FOREIGN TABLE many (id int) SERVER nowhere, a foreign table"
  })
  void refusesWhatIsNoTable(String definition, String kind, Database database) {
    Rows.run(
        database,
        "CREATE EXTENSION postgres_fdw",
        "CREATE SERVER nowhere FOREIGN DATA WRAPPER postgres_fdw",
        definition);

    assertThatThrownBy(() -> pages(database, table("many", "id")))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected a table, found many, which is %s and has no unique index. Read it with 'read: {sql: SELECT id FROM many, key: [id]}'",
            kind);
  }

  @Test
  void readsAMaterializedViewByItsUniqueIndex(Database database) {
    Rows.run(
        database,
        "INSERT INTO rooms VALUES (1, 'one'), (2, 'two')",
        "CREATE MATERIALIZED VIEW many AS SELECT id FROM rooms");
    assertThatThrownBy(() -> pages(database, table("many", "id")))
        .hasMessageStartingWith("expected the key (id) of table many to be unique");

    Rows.run(database, "CREATE UNIQUE INDEX i ON many (id)");

    assertThat(Reading.begin(database, table("many", "id")).all(1)).containsExactly("1", "2");
  }
}
