package io.undercurrent.page;

import static io.undercurrent.page.Reading.jdbc;
import static io.undercurrent.page.Reading.pages;
import static io.undercurrent.page.Reading.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.key.KeyOrder;
import io.undercurrent.key.NullKeys;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PostgresTest
class KeyRuleTests {

  private static final String NOCASE =
      "CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)";

  @BeforeEach
  void createTable(Database database) {
    Rows.run(database, "CREATE TABLE rooms (id bigint NOT NULL, name text, version int NOT NULL)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX i ON rooms (id)",
        "CREATE UNIQUE INDEX i ON rooms (id) WHERE version > 1",
        "CREATE UNIQUE INDEX i ON rooms (id, version)",
        "CREATE UNIQUE INDEX i ON rooms ((id + 1))"
      })
  void refusesAKeyThatIsNotUnique(String index, Database database) {
    Rows.run(database, index);

    assertThatThrownBy(() -> pages(database, table("rooms", "id")))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected the key (id) of table rooms to be unique, found no unique index over these columns. Rows with equal keys would be skipped; name a unique key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE UNIQUE INDEX i ON rooms (version, id)",
        "CREATE UNIQUE INDEX i ON rooms (id)",
        "CREATE UNIQUE INDEX i ON rooms (id, version DESC)",
        "CREATE UNIQUE INDEX i ON rooms (id NULLS FIRST, version NULLS FIRST)"
      })
  void refusesAKeyThatNoIndexOrders(String index, Database database) {
    Rows.run(database, index);

    assertThatThrownBy(() -> pages(database, table("rooms", "id", "version")))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected an index on table rooms that orders rows by (id, version), found none. Every chunk would sort the whole table; list the key's columns in the order of an index");
  }

  @ParameterizedTest
  @ValueSource(strings = {"name COLLATE \"und-x-icu\"", "name text_pattern_ops"})
  void refusesAnIndexInTheOrderOfAnotherCollation(String column, Database database) {
    Rows.run(database, "CREATE UNIQUE INDEX i ON rooms (" + column + ")");

    assertThatThrownBy(() -> pages(database, table("rooms", "name")))
        .isInstanceOf(RefusedException.class)
        .hasMessageStartingWith("expected an index on table rooms that orders rows by (name)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE rooms ADD PRIMARY KEY (id, version)",
        "CREATE UNIQUE INDEX i ON rooms (id, version) INCLUDE (name)",
        "CREATE UNIQUE INDEX i ON rooms (id DESC, version DESC)",
        "CREATE UNIQUE INDEX i ON rooms (id); CREATE INDEX j ON rooms (id, version, name)"
      })
  void takesAKeyThatAnIndexOrders(String index, Database database) {
    Rows.run(database, index.split(";"));

    assertThat(pages(database, table("rooms", "id", "version")).names())
        .containsExactly("id", "version");
  }

  @Test
  void refusesNullsInTheKey(Database database) {
    Rows.run(
        database,
        "CREATE UNIQUE INDEX i ON rooms (id, name)",
        "INSERT INTO rooms VALUES (1, NULL, 1)");

    assertThatThrownBy(() -> pages(database, table("rooms", "id", "name")))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected no NULL in the key (id, name) of table rooms, found some in [name]. Such rows would be skipped; name a key without NULLs");
  }

  @Test
  void takesAColumnThatMightBeNullButIsNot(Database database) {
    Rows.run(
        database,
        "CREATE UNIQUE INDEX i ON rooms (id, name)",
        "INSERT INTO rooms VALUES (1, 'one', 1)");

    assertThat(pages(database, table("rooms", "id", "name")).names()).containsExactly("id", "name");
  }

  @Test
  void looksForNullsForALimitedTime(Database database) throws SQLException {
    Rows.run(database, "CREATE UNIQUE INDEX i ON rooms (id, name)");
    var rooms = BoundSql.of("rooms", List.of());
    var key = Column.of(jdbc(database), "SELECT id, name FROM rooms");
    var order = KeyOrder.of(jdbc(database), rooms, key);
    var nulls = new NullKeys(jdbc(database), Duration.ofSeconds(1));
    var rule = new KeyRule(jdbc(database), "rooms", order, nulls);

    try (var other = database.connect("psql")) {
      other.setAutoCommit(false);
      other.createStatement().execute("LOCK TABLE rooms");

      assertThatThrownBy(rule::check)
          .isInstanceOf(RefusedException.class)
          .hasMessage(
              "expected no NULL in the key (id, name) of table rooms, found no answer within 1 s whether there is one in [name]. Declare it NOT NULL, or leave NULLs out with 'read: {sql, key}'");
    }
  }

  /** The NULL is there only to show that nobody looks at the rows. */
  @Test
  void believesACheckConstraint(Database database) {
    Rows.run(
        database,
        "CREATE UNIQUE INDEX i ON rooms (id, name)",
        "INSERT INTO rooms VALUES (1, NULL, 1)",
        "ALTER TABLE rooms ADD CONSTRAINT named CHECK (name IS NOT NULL) NOT VALID");
    assertThatThrownBy(() -> pages(database, table("rooms", "id", "name")))
        .hasMessageStartingWith("expected no NULL in the key");

    Rows.run(database, "UPDATE pg_constraint SET convalidated = true WHERE conname = 'named'");

    assertThat(pages(database, table("rooms", "id", "name")).names()).containsExactly("id", "name");
  }

  /** The index does not have the NULL, to show that only the index is asked. */
  @Test
  void asksAnIndexThatBeginsWithTheColumn(Database database) {
    Rows.run(
        database,
        "CREATE UNIQUE INDEX i ON rooms (id, name)",
        "CREATE INDEX j ON rooms (name, version)",
        "INSERT INTO rooms SELECT i, i, i FROM generate_series(1, 10000) i",
        "ANALYZE rooms",
        "UPDATE pg_index SET indisready = false WHERE indexrelid = CAST('j' AS regclass)",
        "INSERT INTO rooms VALUES (1, NULL, 1)",
        "UPDATE pg_index SET indisready = true WHERE indexrelid = CAST('j' AS regclass)");

    assertThat(pages(database, table("rooms", "id", "name")).names()).containsExactly("id", "name");
  }

  /** Names that differ in the index's collation are equal in the order of the column's. */
  @Test
  void refusesAUniqueIndexThatTellsMoreKeysApartThanTheirOrderDoes(Database database) {
    Rows.run(
        database,
        NOCASE,
        "ALTER TABLE rooms ALTER name TYPE text COLLATE nocase",
        "CREATE UNIQUE INDEX i ON rooms (name COLLATE \"C\")",
        "CREATE INDEX j ON rooms (name)",
        "INSERT INTO rooms VALUES (1, 'a', 1), (2, 'A', 1)");

    assertThatThrownBy(() -> pages(database, table("rooms", "name")))
        .isInstanceOf(RefusedException.class)
        .hasMessageStartingWith("expected the key (name) of table rooms to be unique");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE UNIQUE INDEX i ON rooms (name COLLATE \"und-x-icu\")",
        "CREATE UNIQUE INDEX i ON rooms (name text_pattern_ops)"
      })
  void takesAUniqueIndexInAnotherOrderBesideOneInTheColumns(String index, Database database) {
    Rows.run(database, index, "CREATE INDEX j ON rooms (name)");

    assertThat(pages(database, table("rooms", "name")).names()).containsExactly("name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"indisvalid", "indisready", "indislive"})
  void refusesAnIndexThatIsNotFinished(String part, Database database) {
    Rows.run(
        database,
        "CREATE UNIQUE INDEX i ON rooms (id)",
        "UPDATE pg_index SET " + part + " = false WHERE indexrelid = CAST('i' AS regclass)");

    assertThatThrownBy(() -> pages(database, table("rooms", "id")))
        .isInstanceOf(RefusedException.class)
        .hasMessageStartingWith("expected the key (id) of table rooms to be unique");
  }

  @Test
  void refusesAnExclusionConstraintThoughNoTwoRowsAreEqual(Database database) {
    Rows.run(
        database,
        "ALTER TABLE rooms ADD EXCLUDE USING btree (id WITH =)",
        "CREATE INDEX j ON rooms (id)");

    assertThatThrownBy(() -> pages(database, table("rooms", "id")))
        .hasMessageStartingWith("expected the key (id) of table rooms to be unique");
  }

  /** Nobody sees its duplicates but the transaction that has yet to resolve them. */
  @Test
  void takesADeferrableConstraint(Database database) throws SQLException {
    Rows.run(
        database,
        "ALTER TABLE rooms ADD UNIQUE (id) DEFERRABLE INITIALLY DEFERRED",
        "INSERT INTO rooms VALUES (1, 'one', 1), (2, 'two', 2)");

    try (var other = database.connect("psql")) {
      other.setAutoCommit(false);
      other.createStatement().execute("INSERT INTO rooms VALUES (1, 'twin', 1)");

      assertThat(Reading.begin(database, table("rooms", "id")).all(1)).containsExactly("1", "2");
      assertThatThrownBy(other::commit).hasMessageContaining("duplicate key value");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"(id, name)", "(name, id)"})
  void looksForNullsThatANotNullHasNotSeenYet(String index, Database database) {
    assumeThat(version(database)).as("NOT NULL … NOT VALID").isGreaterThanOrEqualTo(180000);
    Rows.run(
        database,
        "CREATE UNIQUE INDEX i ON rooms " + index,
        "CREATE INDEX j ON rooms (id, name)",
        "INSERT INTO rooms SELECT n, NULLIF(n, 7), 1 FROM generate_series(1, 20) n",
        "ALTER TABLE rooms ADD CONSTRAINT named NOT NULL name NOT VALID");
    var key = table("rooms", "id", "name");

    assertThatThrownBy(() -> pages(database, key))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected no NULL in the key (id, name) of table rooms, found some in [name]. Such rows would be skipped; name a key without NULLs");

    Rows.run(database, "UPDATE rooms SET name = 'seven' WHERE name IS NULL");
    assertThat(Reading.begin(database, key).all(3)).hasSize(20);
  }

  @Test
  void looksForThemInPartitions(Database database) {
    assumeThat(version(database)).as("NOT NULL … NOT VALID").isGreaterThanOrEqualTo(180000);
    Rows.run(
        database,
        "CREATE TABLE parts (a int, b int) PARTITION BY RANGE (a)",
        "CREATE TABLE first PARTITION OF parts FOR VALUES FROM (0) TO (100)",
        "CREATE UNIQUE INDEX i ON parts (a, b)",
        "INSERT INTO parts VALUES (1, 1), (1, NULL)",
        "ALTER TABLE parts ALTER a SET NOT NULL",
        "ALTER TABLE parts ADD CONSTRAINT present NOT NULL b NOT VALID");

    assertThatThrownBy(() -> pages(database, table("parts", "a", "b")))
        .hasMessageStartingWith("expected no NULL in the key (a, b) of table parts, found some in");
  }

  @Test
  void looksForTheTableWhereTheSqlDoes(Database database) {
    Rows.run(
        database,
        "CREATE SCHEMA \"Other\"",
        "CREATE TABLE \"Other\".\"Rooms\" (\"Id\" bigint PRIMARY KEY) PARTITION BY RANGE (\"Id\")");

    assertThat(pages(database, table("\"Other\".\"Rooms\"", "Id")).names()).containsExactly("Id");
  }

  private static int version(Database database) {
    return database.jdbc().sql("SHOW server_version_num").query(Integer.class).single();
  }
}
