package io.undercurrent.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.CheckReport;
import io.undercurrent.database.Database;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with an update or a delete is found before it starts, in the line that has it. */
@PostgresTest
class ChangeCheckTests {

  /** The keys on lines of their own, the first on line 4; and what is wrong in which line. */
  private static final String WRONG =
      """
      update: table: runers; set: {version: "'1'"} | 4 | relation "runers" does not exist
      update: table: listed; set: {version: "'1'"} | 4 | expected a table whose rows to change, found listed, which is a view
      update: table: bare; set: {version: "'1'"} | 4 | expected table bare to have a primary key, found none
      update: table: runners; key: versoin; set: {version: "'1'"} | 5 | expected a column of table runners, found 'versoin', did you mean 'version'?
      update: table: runners; key: version; set: {semver: "'1'"} | 5 | expected the key (version) of table runners to be unique
      update: table: runners; set:;   version: "'1'";   Semver: "'1'" | 7 | expected a column of table runners, found 'Semver', did you mean 'semver'?
      update: table: runners; set:;   id: id + 1 | 6 | expected the key (id) of table runners to stay as it is, found 'id' in 'set'
      update: table: made; key: k; set: {e: e + 0.5} | 4 | found SET of 'e', of which 'k' is made, in made
      update: table: runners; set: {size: 1} | 5 | expected a column that can be set, found 'size' of table runners, which is generated from others
      update: table: runners; set: {serial: 1} | 5 | found 'serial' of table runners, which is GENERATED ALWAYS AS IDENTITY
      update: table: runners; set:;   version: "'1'";   semver: lower(vers) | 7 | column "vers" does not exist
      update: table: runners; set: {semver: 5 * 'x'} | 5 | invalid input syntax for type integer
      update: table: runners; set: {semver: ":sever"} | 5 | unknown value ':sever'
      update: table: runners; set: {semver: "'1'"}; where: semvr IS NULL | 6 | column "semvr" does not exist
      update: table: runners; set: {semver: "'1'"}; where: random() < 0.5 | 6 | found the volatile random()
      update: table: runners; set: {semver: o.name}; from: owner o; where: o.id = runners.id | 6 | relation "owner" does not exist
      update: table: runners; set: {semver: o.name}; from: owners o; where: o.id = id | 7 | column reference "id" is ambiguous
      update: table: runners; set: {semver: o.nme}; from: owners o; where: o.id = runners.id | 5 | column o.nme does not exist
      delete: table: runners; where: clock_timestamp() > seen | 5 | found the volatile clock_timestamp()
      delete: table: runners; where: id < 5; archive-to: archives | 6 | relation "archives" does not exist
      delete: table: runners; where: id < 5; archive-to: public.runners | 6 | expected another table to archive to than runners
      delete: table: days; where: id < 5; archive-to: days_rest | 6 | expected another table to archive to than days, found days_rest
      delete: table: days_rest; where: id < 5; archive-to: days | 6 | found days, which is the same, or its parent
      delete: table: runners; where: id < 5; archive-to: listed | 6 | expected a table to archive to, found listed, which is a view
      delete: table: owners; where: id < 5; archive-to: lacking | 6 | expected a column 'name' in table lacking, found none, did you mean 'nme'?
      delete: table: owners; where: id < 5; archive-to: narrow | 6 | expected column 'name' of table narrow to have the type text, as in owners, found character varying(3)
      delete: table: owners; where: id < 5; archive-to: demanding | 6 | found column 'reason', which is NOT NULL without a default
      delete: table: owners; where: id < 5; archive-to: making | 6 | expected column 'name' of table making to take the values of owners, found that it is generated
      """;

  private Database database;
  private Path directory;

  @BeforeEach
  void createTables(Database database, @TempDir Path directory) {
    this.database = database;
    this.directory = directory;
    Rows.run(
        database,
        "CREATE TABLE runners (id int PRIMARY KEY, version text, semver text, seen timestamptz, size int GENERATED ALWAYS AS (length(version)) STORED, serial int GENERATED ALWAYS AS IDENTITY)",
        "CREATE TABLE bare (version text)",
        "CREATE TABLE made (id int PRIMARY KEY, e numeric, k numeric GENERATED ALWAYS AS (e * 10) STORED NOT NULL UNIQUE)",
        "CREATE VIEW listed AS SELECT * FROM runners",
        "CREATE TABLE owners (id int PRIMARY KEY, name text)",
        "CREATE TABLE days (id int PRIMARY KEY) PARTITION BY RANGE (id)",
        "CREATE TABLE days_rest PARTITION OF days DEFAULT",
        "CREATE TABLE lacking (id int, nme text)",
        "CREATE TABLE narrow (id int, name varchar(3))",
        "CREATE TABLE demanding (id int, name text, reason text NOT NULL)",
        "CREATE TABLE making (id int, name text GENERATED ALWAYS AS ('x') STORED)");
  }

  @Test
  void namesTheLine() throws IOException {
    for (var wrong : WRONG.lines().map(line -> line.split(" \\| ")).toList()) {
      var report = check(wrong[0]);

      assertThat(report.problems())
          .as(wrong[0])
          .singleElement()
          .asString()
          .contains("change.yaml:" + wrong[1] + ": update 'change': ", wrong[2].strip());
      assertThat(report.notes()).isEmpty();
    }
  }

  @Test
  void hasNothingToSayWhereAllIsWell() throws IOException {
    for (var sound :
        List.of(
            "update: table: runners; set: {semver: \"substring(version FROM 'v?([0-9.]+)')\"}; where: semver IS NULL;",
            "update: table: runners; set: {semver: o.name}; from: owners o; where: o.id = runners.id",
            "delete: table: runners; where: seen < now() - interval '90 days'")) {
      assertThat(check(sound))
          .isEqualTo(new CheckReport(List.of("change"), List.of(), List.of(), List.of()));
    }
  }

  @Test
  void waitsForAColumnThatAnEarlierUpdateMakes() throws IOException {
    Files.writeString(
        directory.resolve("change.yaml"),
        """
        updates:
          - name: make
            run: ALTER TABLE runners ADD COLUMN major text
          - name: change
            update: {table: runners, set: {major: "'1'"}}
        """);

    assertThat(check().problems()).isEmpty();
    assertThat(check().notes())
        .singleElement()
        .asString()
        .contains("can be checked when 'make' has run: expected a column of table runners");
  }

  @Test
  void warnsOfRowsThatGoAlongUnarchived() throws IOException {
    Rows.run(
        database,
        "CREATE TABLE owners_archive (LIKE owners)",
        "CREATE TABLE cars (id int PRIMARY KEY, owner int REFERENCES owners ON DELETE CASCADE)",
        "CREATE TABLE wheels (car int REFERENCES cars ON DELETE CASCADE)",
        "CREATE INDEX ON cars (owner)");

    var report = check("delete: table: owners; where: id < 5; archive-to: owners_archive");

    assertThat(report.problems()).isEmpty();
    assertThat(report.warnings())
        .satisfiesExactly(
            warning -> assertThat(warning).contains(":6: ", "rows of cars go with the rows"),
            warning -> assertThat(warning).contains(":6: ", "rows of wheels go with the rows"));
  }

  @Test
  void seesRowLevelSecurityAsTheRunDoes(TestDatabases databases) throws IOException {
    Rows.run(database, "CREATE TABLE plots (id int PRIMARY KEY, n int)");
    var owner = databases.as("plots_owner", database);
    Rows.run(
        database,
        "ALTER TABLE plots OWNER TO plots_owner",
        "ALTER TABLE plots ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE plots FORCE ROW LEVEL SECURITY");
    database = owner;

    for (var update :
        List.of("update: table: plots; set: {n: 1}", "delete: table: plots; where: n = 1")) {
      assertThat(check(update).problems())
          .as(update)
          .singleElement()
          .asString()
          .contains("policy for table \"plots\"", "BYPASSRLS");
    }
  }

  /** The line after {@code name} has the kind; each key after it is on a line of its own. */
  private CheckReport check(String update) throws IOException {
    var keys = update.replaceFirst(": ", ":\n      ").replace("; ", "\n      ");
    Files.writeString(
        directory.resolve("change.yaml"), "updates:\n  - name: change\n    " + keys + "\n");
    return check();
  }

  private CheckReport check() {
    try (var engine = new JobEngine(directory, database)) {
      return engine.updates.check(database.name(), "change");
    }
  }
}
