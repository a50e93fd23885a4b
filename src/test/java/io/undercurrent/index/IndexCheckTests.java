package io.undercurrent.index;

import static io.undercurrent.page.Reading.jdbc;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.iteration.Beans;
import io.undercurrent.kind.UpdateCheck;
import io.undercurrent.kind.UpdateCheck.Problem;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@PostgresTest
class IndexCheckTests {

  private Database database;

  @BeforeEach
  void createTables(Database database) {
    this.database = database;
    Rows.run(
        database,
        "CREATE SCHEMA app",
        "CREATE TABLE app.\"Rooms\" (id int PRIMARY KEY, \"the name\" text, note jsonb)",
        "CREATE INDEX rooms_note ON app.\"Rooms\" USING gin (note)");
  }

  @Test
  void acceptsWhatPostgresqlAcceptsAndChangesNothing() {
    var before = Rows.of(database, CATALOGUE);

    assertThat(check(index(columns("the name", "id"), "rooms_name", null))).isEmpty();
    assertThat(check(index(expression("lower(\"the name\") -- folded"), "rooms_name", null)))
        .isEmpty();
    assertThat(check(index(columns("note"), "rooms_note_2", "rooms_note"))).isEmpty();
    assertThat(Rows.of(database, CATALOGUE)).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "lower(nme)        | column \"nme\" does not exist (SQLSTATE 42703)",
        "random() + id     | functions in index expression must be marked IMMUTABLE (SQLSTATE 42P17)",
        "lower('a') = :server | expected no ':server' in the definition of an index, which cannot depend on values. Write the value itself",
        "id); DROP TABLE x | expected one statement, found a second one after ';'. Make it a list with an entry for each"
      })
  void tellsWhatIsWrongWithAnExpression(String expression, String message) {
    assertThat(check(index(expression(expression), "rooms_name", null))).containsExactly(message);
  }

  @Test
  void tellsThatAMethodOrAColumnDoesNotExist() {
    assertThat(check(index("btree", columns("nme"))))
        .containsExactly("column \"nme\" does not exist (SQLSTATE 42703)");
    assertThat(check(index("bteee", columns("id"))))
        .containsExactly("access method \"bteee\" does not exist (SQLSTATE 42704)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "app.rooms | relation \"app.rooms\" does not exist (SQLSTATE 42P01)",
        "app.names | expected a table, found 'app.names', which is not one",
        "app.ids | expected a table, found 'app.ids', which is not one"
      })
  void tellsThatATableIsNoneToIndex(String table, String message) {
    Rows.run(database, "CREATE VIEW app.names AS SELECT 1 AS id", "CREATE SEQUENCE app.ids");

    assertThat(check(index(table, columns("id"), null, "new_id", null))).containsExactly(message);
  }

  @Test
  void tellsThatThereIsNothingToReplace() {
    assertThat(check(index(columns("id"), "rooms_id", "room_note")))
        .containsExactly(
            "'replaces': expected an index 'room_note' on table Rooms, found none, did you mean 'rooms_note'?");
  }

  @Test
  void tellsThatTheNameIsTaken() {
    assertThat(check(index(columns("id"), "rooms_note", null)))
        .containsExactly(
            "expected index 'rooms_note' to be 'btree (id)', found that it is there as 'gin (note)'. Give the new one another name, with 'replaces: rooms_note' if it takes the place of this one");
    assertThat(check(index(columns("id"), "Rooms", null)))
        .containsExactly(
            "expected the name 'Rooms' to be free, found something else of that name in schema app. Give the index another name");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "btree |           |              | desc |       | btree (\"the name\" DESC)",
        "btree |           |              | desc | last  | btree (\"the name\" DESC NULLS LAST)",
        "btree |           |              | asc  | last  | btree (\"the name\")",
        "btree |           |              |      | first | btree (\"the name\" NULLS FIRST)",
        "btree | ucs_basic |              |      |       | btree (\"the name\" COLLATE ucs_basic)",
        "btree |           | text_pattern_ops | | | btree (\"the name\" text_pattern_ops)",
        "hash  |           | text_ops     |      |       | hash (\"the name\")"
      })
  void comparesHowColumnsAreIndexed(
      String method,
      @Nullable String collation,
      @Nullable String operatorClass,
      @Nullable String order,
      @Nullable String nulls,
      String definition) {
    Rows.run(database, "CREATE INDEX same ON app.\"Rooms\" USING " + definition);
    Rows.run(database, "CREATE INDEX other ON app.\"Rooms\" USING brin (\"the name\")");
    var parts = List.of(part(collation, operatorClass, order, nulls));

    assertThat(check(index("app.\"Rooms\"", parts, method, "same", null))).isEmpty();
    assertThat(check(index("app.\"Rooms\"", parts, method, "other", null)))
        .singleElement()
        .asString()
        .startsWith("expected index 'other' to be '" + definition + "', found");
  }

  @Test
  void comparesStorageParameters() {
    Rows.run(
        database,
        "CREATE INDEX rooms_id ON app.\"Rooms\" (id) WITH (fillfactor = 70) WHERE id > 5");

    assertThat(check(with(Map.of("fillfactor", "70")))).isEmpty();
    assertThat(check(with(Map.of())))
        .containsExactly(
            "expected index 'rooms_id' to be 'btree (id) WHERE (id > 5)', found that it is there as 'btree (id) WITH (fillfactor='70') WHERE (id > 5)'. Give the new one another name, with 'replaces: rooms_id' if it takes the place of this one");
    assertThat(check(with(Map.of("fillfactor", "7"))))
        .containsExactly(
            "value 7 out of bounds for option \"fillfactor\": Valid values are between \"10\" and \"100\". (SQLSTATE 22023)");
    assertThat(check(with(Map.of("fill\"factor", "it's 7"))))
        .containsExactly("unrecognized parameter \"fill\"factor\" (SQLSTATE 22023)");
  }

  @Test
  void tellsThatAMethodHasNoOrderAndThatClassesAndCollationsDoNotExist() {
    assertThat(check(index("hash", column(null, null, "desc"))))
        .containsExactly(
            "access method \"hash\" does not support ASC/DESC options (SQLSTATE 0A000)");
    assertThat(check(index("btree", column(null, "no_ops", null))))
        .containsExactly(
            "operator class \"no_ops\" does not exist for access method \"btree\" (SQLSTATE 42704)");
    assertThat(check(index("btree", column("no", null, null))))
        .containsExactly("collation \"no\" for encoding \"UTF8\" does not exist (SQLSTATE 42704)");
  }

  private static List<IndexPart> column(
      @Nullable String collation, @Nullable String operatorClass, @Nullable String order) {
    return List.of(part(collation, operatorClass, order, null));
  }

  private static IndexPart part(
      @Nullable String collation,
      @Nullable String operatorClass,
      @Nullable String order,
      @Nullable String nulls) {
    return new IndexPart("the name", null, name(collation), name(operatorClass), order, nulls);
  }

  private static @Nullable QualifiedName name(@Nullable String written) {
    return written == null ? null : QualifiedName.parse(written).orElseThrow();
  }

  private static CreateIndex with(Map<String, String> parameters) {
    return new CreateIndex(
        "app.\"Rooms\"",
        "rooms_id",
        columns("id"),
        new Sql("id > 5", 12),
        false,
        null,
        List.of(),
        parameters,
        null,
        11);
  }

  @Test
  void takesSeveralExpressionsAndNamesOfOtherSchemas() {
    Rows.run(
        database,
        "CREATE SCHEMA \"ex.t\"",
        "CREATE COLLATION \"ex.t\".c FROM \"C\"",
        "CREATE COLLATION \"en.x\" FROM \"C\"",
        "CREATE OPERATOR CLASS app.\"Ops\" FOR TYPE text USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 bttextcmp(text, text)",
        """
        CREATE INDEX same ON app."Rooms"
          (lower("the name") COLLATE "ex.t".c app."Ops" DESC, id, (id + 1),
           "the name" COLLATE "en.x")""");
    var lower = new Sql("lower(\"the name\")", 12);

    assertThat(
            check(
                index(
                    "app.\"Rooms\"",
                    List.of(
                        new IndexPart(
                            null, lower, name("\"ex.t\".c"), name("app.Ops"), "desc", null),
                        IndexPart.ofColumn("id"),
                        IndexPart.ofExpression(new Sql("id + 1", 13)),
                        new IndexPart("the name", null, name("en.x"), null, null, null)),
                    null,
                    "same",
                    null)))
        .isEmpty();
    assertThat(check(index("btree", List.of(part("app.C", null, null, null)))))
        .containsExactly(
            "collation \"app.C\" for encoding \"UTF8\" does not exist (SQLSTATE 42704)");
    assertThat(check(index("btree", List.of(part(null, "app.ops", null, null)))))
        .containsExactly(
            "operator class \"app.ops\" does not exist for access method \"btree\" (SQLSTATE 42704)");
  }

  private static final String CATALOGUE = "SELECT CAST(oid AS text) FROM pg_class ORDER BY oid";

  private List<String> check(CreateIndex index) {
    var update = new UpdateDefinition("index", null, 0, null, null, index, 10);
    return new UpdateCheck(jdbc(database), Map.of("server", "example.org"), Beans.NONE)
        .check(update).stream().map(Problem::message).toList();
  }

  private static List<IndexPart> columns(String... names) {
    return Stream.of(names).map(IndexPart::ofColumn).toList();
  }

  private static List<IndexPart> expression(String sql) {
    return List.of(IndexPart.ofExpression(new Sql(sql, 12)));
  }

  private static CreateIndex index(List<IndexPart> parts, String name, @Nullable String replaces) {
    return index(
        "app.\"Rooms\"", parts, parts.equals(columns("note")) ? "gin" : null, name, replaces);
  }

  private static CreateIndex index(String method, List<IndexPart> parts) {
    return index("app.\"Rooms\"", parts, method, "rooms_new", null);
  }

  private static CreateIndex index(
      String table,
      List<IndexPart> parts,
      @Nullable String method,
      String name,
      @Nullable String replaces) {
    return new CreateIndex(
        table, name, parts, null, false, method, List.of(), Map.of(), replaces, 11);
  }
}
