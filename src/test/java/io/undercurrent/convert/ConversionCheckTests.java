package io.undercurrent.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.ShippedKinds;
import io.undercurrent.database.Database;
import io.undercurrent.shell.verb.TestShell;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be carried over to another column is refused by its name, before the start. */
@PostgresTest
class ConversionCheckTests {

  private static final String BIGINT = "{table: builds, column: id, to: bigint}";

  /** What is made, the conversion, what is said of it, and how it is unmade. */
  private record Case(String sql, String work, String said, String undo) {}

  private static final List<Case> CASES =
      List.of(
          new Case(
              "CREATE VIEW young AS SELECT id FROM builds",
              BIGINT,
              "found rule _RETURN on view young",
              "DROP VIEW young"),
          new Case(
              "ALTER TABLE builds ADD twice int GENERATED ALWAYS AS (id * 2) STORED",
              BIGINT,
              "column twice of table builds",
              "ALTER TABLE builds DROP twice"),
          new Case(
              "CREATE TRIGGER of_id AFTER UPDATE OF id ON builds FOR EACH ROW EXECUTE FUNCTION nothing()",
              BIGINT,
              "trigger of_id on table builds",
              "DROP TRIGGER of_id ON builds"),
          new Case(
              "CREATE TRIGGER \"~~last\" BEFORE INSERT ON builds FOR EACH ROW EXECUTE FUNCTION nothing()",
              BIGINT,
              "found \"~~last\": it could change the value later",
              "DROP TRIGGER \"~~last\" ON builds"),
          new Case(
              "CREATE STATISTICS pairs ON id, state FROM builds",
              BIGINT,
              "statistics object pairs",
              "DROP STATISTICS pairs"),
          new Case(
              "CREATE POLICY own ON builds USING (id > 1)",
              BIGINT,
              "policy own on table builds",
              "DROP POLICY own ON builds"),
          new Case(
              "CREATE PUBLICATION changes FOR TABLE builds",
              BIGINT,
              "found changes: subscribers would not know the new column",
              "DROP PUBLICATION changes"),
          new Case(
              "ALTER TABLE builds ADD CONSTRAINT alone EXCLUDE USING btree (id WITH =)",
              BIGINT,
              "constraint alone on table builds",
              "ALTER TABLE builds DROP CONSTRAINT alone"),
          new Case(
              "ALTER TABLE builds ADD CONSTRAINT later UNIQUE (id) DEFERRABLE",
              BIGINT,
              "constraint later on table builds, found that it is deferrable",
              "ALTER TABLE builds DROP CONSTRAINT later"),
          new Case(
              "CREATE TABLE whole (id int) PARTITION BY RANGE (id)",
              "{table: whole, column: id, to: bigint}",
              "found that it is partitioned",
              "DROP TABLE whole"),
          new Case(
              "CREATE TABLE child () INHERITS (builds)",
              BIGINT,
              "found that it has parents or children",
              "DROP TABLE child"),
          new Case(
              "CREATE DOMAIN number AS bigint CHECK (VALUE > 0)",
              "{table: builds, column: id, to: number}",
              "found the domain number",
              "DROP DOMAIN number"),
          new Case(
              "CREATE INDEX by_pattern ON builds (state text_pattern_ops)",
              "{table: builds, column: state, to: bytea, using: \"convert_to(state, 'UTF8')\"}",
              "is the same in each session",
              "DROP INDEX by_pattern"),
          new Case(
              "CREATE INDEX lowered ON builds (lower(state))",
              "{table: builds, column: state, to: int, using: length(state)}",
              "expected that index lowered fits a column of type int, found: function lower(integer) does not exist",
              "DROP INDEX lowered"),
          new Case(
              "ALTER TABLE builds ALTER state SET DEFAULT 'new'",
              "{table: builds, column: state, to: int, using: length(state)}",
              "expected that default 'new'::text fits a column of type int",
              "ALTER TABLE builds ALTER state DROP DEFAULT"),
          new Case(
              "SELECT 1",
              "{table: builds, column: state, to: int}",
              "expected that 'state' can be assigned to a column of type int",
              "SELECT 1"),
          new Case(
              "SELECT 1",
              "{table: builds, column: at, to: timestamptz}",
              "found that it depends on settings such as TimeZone",
              "SELECT 1"),
          new Case(
              "SELECT 1",
              "{table: builds, column: at, to: date, using: \"now()\"}",
              "found that it depends on settings",
              "SELECT 1"),
          new Case(
              "SELECT 1",
              "{table: builds, column: ids, to: bigint}",
              "expected a column 'ids' in table builds, found none, did you mean 'id'?",
              "SELECT 1"),
          new Case(
              "SELECT 1",
              "{table: builds, column: id, to: bigit}",
              "type \"bigit\" does not exist",
              "SELECT 1"),
          new Case(
              "SELECT 1",
              "{table: loose, column: n, to: bigint}",
              "expected table loose to have a primary key",
              "SELECT 1"),
          new Case(
              "SELECT 1",
              "{table: loose, column: n, to: bigint}\n    on-error: {quarantine: {rows: 1}}",
              "'on-error' does not go with 'convert-column'",
              "SELECT 1"),
          new Case(
              "ALTER TABLE loose ADD undercurrent_new_n int",
              "{table: loose, column: n, to: bigint}",
              "expected the name undercurrent_new_n to be free",
              "ALTER TABLE loose DROP undercurrent_new_n"),
          new Case(
              "CREATE TABLE kept (build builds, others builds[])",
              BIGINT,
              "found build of kept, others of kept: its rows would lose the value",
              "DROP TABLE kept"),
          new Case(
              "ALTER TABLE builds ADD undercurrent_new_state text; COMMENT ON COLUMN builds.undercurrent_new_state IS 'Undercurrent converts state to text'; CREATE INDEX half_made ON builds (id, undercurrent_new_state)",
              BIGINT,
              "index half_made, found that another conversion has made it. Swap or cancel that first",
              "ALTER TABLE builds DROP undercurrent_new_state"),
          new Case(
              "SELECT 1",
              "{table: builds, column: state, to: json, using: \"state::json\"}",
              "found: operator does not exist: json = json",
              "SELECT 1"),
          new Case(
              "CREATE TYPE mood AS ENUM ('good')",
              "{table: builds, column: state, to: mood, using: \"state::mood\"}",
              "using: CASE \"state\" WHEN 'new' THEN CAST('new' AS mood) ... END",
              "DROP TYPE mood"),
          new Case(
              "SELECT 1",
              "{table: builds, column: state, to: text, using: lower(state)}",
              "found that it is text already: 'using' would not be applied",
              "SELECT 1"),
          new Case(
              "ALTER TABLE builds ADD span interval month",
              "{table: builds, column: span, to: interval day, using: \"CAST(now() AS text)::interval\"}",
              "expected a value of type interval day that is the same in each session",
              "ALTER TABLE builds DROP span"));

  @Test
  void refusesByNameWhatCannotBeCarriedOver(Database database, @TempDir Path jobs)
      throws IOException {
    Rows.run(
        database,
        "CREATE TABLE builds (id serial PRIMARY KEY, state text, at timestamp)",
        "CREATE TABLE loose (n int)",
        "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'");
    var before = Catalogue.of(database);
    var softly = new SoftAssertions();
    try (var shell = new TestShell(ShippedKinds.all(), database, jobs)) {
      for (var each : CASES) {
        database.template().execute(each.sql);
        Files.writeString(
            jobs.resolve("convert.yaml"),
            "updates:\n  - name: convert\n    convert-column: " + each.work + "\n");

        softly.assertThat(shell.perform("check convert")).as(each.sql + each.work).isNotZero();

        softly.assertThat(shell.out() + shell.err()).contains(each.said);
        database.template().execute(each.undo);
      }
    }
    softly.assertAll();
    assertThat(Catalogue.of(database)).isEqualTo(before);
  }

  @Test
  void warnsOfTriggersThatFireForEachRow(Database database, @TempDir Path jobs) throws IOException {
    Rows.run(
        database,
        "CREATE TABLE builds (id serial PRIMARY KEY)",
        "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER touch BEFORE UPDATE ON builds FOR EACH ROW EXECUTE FUNCTION nothing()");
    Files.writeString(
        jobs.resolve("convert.yaml"), "updates: [{name: convert, convert-column: " + BIGINT + "}]");
    try (var shell = new TestShell(ShippedKinds.all(), database, jobs)) {
      assertThat(shell.perform("check convert")).isZero();

      assertThat(shell.out() + shell.err())
          .contains("its own triggers fire: touch", "allow: [row-triggers]");
    }
  }
}
