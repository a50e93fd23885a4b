package io.undercurrent.constraint;

import static io.undercurrent.page.Reading.jdbc;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.undercurrent.database.Database;
import io.undercurrent.iteration.Beans;
import io.undercurrent.kind.UpdateCheck;
import io.undercurrent.kind.UpdateCheck.Problem;
import io.undercurrent.kind.Work;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;

@PostgresTest
class ConstraintCheckTests {

  private static final String CATALOGUE = "SELECT CAST(oid AS text) FROM pg_class ORDER BY oid";

  private Database database;
  private JdbcTemplate session;

  @BeforeEach
  void createTables(Database database) {
    this.database = database;
    this.session = jdbc(database);
    Rows.run(
        database,
        "CREATE SCHEMA app",
        "CREATE TABLE app.\"Events\" (id bigint PRIMARY KEY, room text, UNIQUE (room, id))",
        "CREATE TABLE app.edges (id int PRIMARY KEY, event_id int, room text, up int, n int)",
        "CREATE VIEW app.names AS SELECT 1 AS id",
        "ALTER TABLE app.edges ADD CONSTRAINT there CHECK (n > 0) NOT VALID",
        "ALTER TABLE app.edges ADD CONSTRAINT referring FOREIGN KEY (event_id) REFERENCES app.\"Events\" ON DELETE CASCADE NOT VALID");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CHECK (n > 0 AND room <> '?' -- or so",
        "FOREIGN KEY (event_id) REFERENCES app.\"Events\" ON DELETE SET NULL DEFERRABLE",
        "FOREIGN KEY (room, event_id) REFERENCES \"app\" . \"Events\" (room, id) MATCH FULL NOT VALID",
        "FOREIGN KEY (up) REFERENCES app.edges ON DELETE CASCADE"
      })
  void acceptsWhatPostgresqlAcceptsAndChangesNothing(String add) {
    var whole = add.contains("--") ? add + "\n)" : add;
    var before = Rows.of(database, CATALOGUE);

    assertThat(check(add("new", whole))).isEmpty();
    assertThat(check(deleting("new", whole))).isEmpty();
    assertThat(Rows.of(database, CATALOGUE)).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CHECK (m > 0) | column \"m\" does not exist (SQLSTATE 42703)",
        "CHECK (n > :least) | expected no ':least' in the definition of a constraint, which cannot depend on values. Write the value itself",
        "FOREIGN KEY (event_id) REFERENCES events | relation \"events\" does not exist (SQLSTATE 42P01)",
        "FOREIGN KEY (event_id) REFERENCES app.names | expected a table, found 'app.names', which is not one",
        "FOREIGN KEY (event_id) | expected 'FOREIGN KEY (column) REFERENCES table', found no REFERENCES"
      })
  void tellsWhatIsWrongWithADefinition(String add, String message) {
    assertThat(check(add("new", add))).containsExactly(message);
  }

  @Test
  void tellsThatAForeignKeyReferencesNothingUnique() {
    assertThat(check(add("new", "FOREIGN KEY (room) REFERENCES app.\"Events\" (room)")))
        .singleElement()
        .asString()
        .startsWith("there is no unique constraint matching given keys");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "there     | CHECK ((n > 0))",
        "referring | FOREIGN KEY (event_id) REFERENCES app.\"Events\" (id) ON DELETE CASCADE"
      })
  void acceptsAConstraintThatIsThere(String name, String add) {
    assertThat(check(add(name, add))).isEmpty();
    assertThat(check(new ValidateConstraint(wanted(name, null, false)))).isEmpty();
    assertThat(check(deleting(name, null))).isEmpty();
  }

  @Test
  void refusesAConstraintThatIsThereAsAnotherOne() {
    assertThat(check(add("there", "CHECK (n > 1)")))
        .containsExactly(
            "expected constraint 'there' to be 'CHECK ((n > 1))', found that it is there as 'CHECK ((n > 0))'. Give the new one another name, or leave out 'add' to have that one validated");
    assertThat(check(add("referring", "FOREIGN KEY (event_id) REFERENCES app.\"Events\"")))
        .containsExactly(
            "expected constraint 'referring' to be 'FOREIGN KEY (event_id) REFERENCES app.\"Events\"(id)', found that it is there as 'FOREIGN KEY (event_id) REFERENCES app.\"Events\"(id) ON DELETE CASCADE'. Give the new one another name, or leave out 'add' to have that one validated");
  }

  @Test
  void tellsThatThereIsNoSuchConstraint() {
    assertThat(check(new ValidateConstraint(wanted("refering", null, false))))
        .containsExactly(
            "expected a constraint 'refering' on table edges, found none, did you mean 'referring'? Say what it is with 'add', to have it added");
  }

  @Test
  void tellsThatATableOrAColumnCannotBeNotNull() {
    assertThat(check(new NotNull("app.names", List.of("id"), 1)))
        .containsExactly("expected a table, found 'app.names', which is not one");
    assertThat(check(new NotNull("app.edges", List.of("rom"), 1)))
        .containsExactly("column \"rom\" does not exist (SQLSTATE 42703)");
    assertThat(check(new NotNull("app.gone", List.of("room"), 1)))
        .containsExactly("relation \"app.gone\" does not exist (SQLSTATE 42P01)");
  }

  @Test
  void refusesATableOfAnotherOwner() {
    var role =
        database.jdbc().sql("SELECT current_database()").query(String.class).single() + "_other";
    Rows.run(
        database,
        "CREATE ROLE " + role,
        "GRANT USAGE, CREATE ON SCHEMA app TO " + role,
        "GRANT ALL ON app.edges TO " + role);
    try {
      session.execute("SET ROLE " + role);

      assertThat(check(new NotNull("app.edges", List.of("n"), 1)))
          .containsExactly(
              "expected the role to own table edges, as ALTER TABLE needs, found that 'postgres' does. Make it a member: GRANT \"postgres\" TO ...");
      session.execute("CREATE TABLE app.own (event_id int)");
      assertThat(
              check(
                  new ValidateConstraint(
                      new WantedConstraint(
                          "app.own",
                          "new",
                          new Sql("FOREIGN KEY (event_id) REFERENCES app.\"Events\"", 1),
                          false,
                          List.of(),
                          1))))
          .containsExactly(
              "expected the privilege REFERENCES on table app.\"Events\", found that the role lacks it: GRANT REFERENCES ON app.\"Events\" TO ...");
    } finally {
      session.execute("RESET ROLE");
      Rows.run(database, "DROP OWNED BY " + role, "DROP ROLE " + role);
    }
  }

  @Test
  void knowsFromWhichVersionAPartitionedTableMayReferNotValid() {
    Rows.run(database, "CREATE TABLE app.parted (id int PRIMARY KEY) PARTITION BY RANGE (id)");
    var problems =
        check(
            new ValidateConstraint(
                new WantedConstraint(
                    "app.parted",
                    "new",
                    new Sql("FOREIGN KEY (id) REFERENCES app.edges", 1),
                    false,
                    List.of(),
                    1)));

    if (ConstrainedTable.isServerSince(session, 18)) {
      assertThat(problems).isEmpty();
    } else {
      assertThat(problems)
          .singleElement()
          .asString()
          .startsWith("expected PostgreSQL 18 or newer, for older ones cannot add a foreign key");
    }
  }

  @Test
  void refusesAConstraintThatIsNotEnforced() {
    assumeThat(ConstrainedTable.isServerSince(session, 18)).isTrue();
    Rows.run(database, "ALTER TABLE app.edges ADD CONSTRAINT lax CHECK (n > 0) NOT ENFORCED");

    assertThat(check(new ValidateConstraint(wanted("lax", null, false))))
        .containsExactly(
            "expected a constraint that is enforced, found that 'lax' is NOT ENFORCED. Alter it first, with 'run:'");
  }

  private static Work add(String name, String add) {
    return new ValidateConstraint(wanted(name, add, false));
  }

  private static Work deleting(String name, @Nullable String add) {
    return new DeleteViolating(wanted(name, add, true));
  }

  private static WantedConstraint wanted(String name, @Nullable String add, boolean deletes) {
    return new WantedConstraint(
        "app.edges", name, add == null ? null : new Sql(add, 1), deletes, List.of(), 1);
  }

  private List<String> check(Work work) {
    return new UpdateCheck(session, Map.of("least", "1"), Beans.NONE)
        .check(update("constraint", work)).stream().map(Problem::message).toList();
  }
}
