package io.undercurrent.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.OtherSession;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PostgresTest
class DeleteRowsTests {

  private static final String OLD = "delete: {table: tokens, where: revoked < 100}";
  private static final String ARCHIVED =
      "delete: {table: tokens, where: revoked < 100, archive-to: old.\"Tokens\"}";

  private Database database;
  private Changes changes;

  @BeforeEach
  void createTokens(Database database, @TempDir Path directory) {
    this.database = database;
    changes = new Changes(database, directory);
    Rows.run(
        database,
        "CREATE TABLE tokens (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, revoked int, note text, twice int GENERATED ALWAYS AS (2 * revoked) STORED)",
        "INSERT INTO tokens (revoked, note) SELECT i % 200, 'token ' || i FROM generate_series(1, 400) AS i",
        "CREATE SCHEMA old",
        "CREATE TABLE old.\"Tokens\" (archived timestamptz NOT NULL DEFAULT now(), note text, id int GENERATED ALWAYS AS IDENTITY, revoked int, twice int)");
  }

  @Test
  void deletesWhatMatches() throws Exception {
    changes.run(OLD);

    assertThat(changes.rows("SELECT count(*) || ' from ' || min(revoked) FROM tokens"))
        .containsExactly("200 from 100");
    assertThat(changes.counts()).containsExactly("COMPLETED: 400 read, 200 filtered, 200 written");
  }

  @Test
  void archivesWhatItDeletes() throws Exception {
    Rows.run(database, "CREATE TABLE before AS SELECT * FROM tokens WHERE revoked < 100");

    changes.run(ARCHIVED);

    assertThat(changes.rows("SELECT count(*) FROM tokens")).containsExactly("200");
    assertThat(
            changes.rows(
                "SELECT count(*) FROM before NATURAL JOIN (SELECT id, revoked, note, twice FROM old.\"Tokens\") AS archived"))
        .containsExactly("200");
    assertThat(changes.counts()).containsExactly("COMPLETED: 400 read, 200 filtered, 200 written");
  }

  @Test
  void leavesARowAloneThatNoLongerMatches() throws Exception {
    try (var application = OtherSession.begin(database);
        var engine = changes.engine(changes.job(ARCHIVED))) {
      application.run("UPDATE tokens SET revoked = 150 WHERE id = 7");
      application.run("UPDATE tokens SET note = 'new' WHERE id = 8");
      application.commitOnceWaitedFor();
      changes.finish(engine.queue("change"));
    }

    assertThat(changes.rows("SELECT note FROM tokens WHERE id IN (7, 8)"))
        .containsExactly("token 7");
    assertThat(changes.rows("SELECT note FROM old.\"Tokens\" WHERE id IN (7, 8)"))
        .containsExactly("new");
  }

  /** By a range of keys, and, where others than the row itself have a say, by its key. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "revoked < 140",
        "NOT EXISTS (SELECT FROM kept WHERE kept.id = tokens.id)",
        "NOT is_kept(id)"
      })
  void leavesARowAloneThatIsKeptWhileItWaitsForIt(String where) throws Exception {
    Rows.run(
        database,
        "CREATE TABLE kept (id int)",
        "CREATE FUNCTION is_kept(bigint) RETURNS bool STABLE RETURN EXISTS (SELECT FROM kept WHERE id = $1)");
    try (var application = OtherSession.begin(database);
        var engine = changes.engine(changes.job("delete: {table: tokens, where: " + where + "}"))) {
      application.run("INSERT INTO kept VALUES (7)");
      application.run("UPDATE tokens SET revoked = 150 WHERE id = 7");
      application.commitOnceWaitedFor();
      changes.finish(engine.queue("change"));
    }

    assertThat(changes.rows("SELECT id FROM tokens WHERE id < 10")).containsExactly("7");
  }

  @Test
  void goesOnInAnotherProcess() throws Exception {
    changes.runInTwoProcesses(ARCHIVED);

    assertThat(changes.rows("SELECT count(*) || ' ' || count(DISTINCT id) FROM old.\"Tokens\""))
        .containsExactly("200 200");
    assertThat(changes.counts())
        .containsExactly(
            "STOPPED: 200 read, 100 filtered, 100 written",
            "COMPLETED: 200 read, 100 filtered, 100 written");
  }

  @Test
  void putsRowsAsideThatOthersReferTo() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE sessions (id int PRIMARY KEY, token int REFERENCES tokens)",
        "INSERT INTO sessions VALUES (1, 50)");

    changes.run(ARCHIVED, "on-error: {quarantine: {rows: 1}}");

    assertThat(changes.rows("SELECT key FROM undercurrent.quarantine")).containsExactly("[\"50\"]");
    assertThat(changes.rows("SELECT id FROM tokens WHERE revoked < 100")).containsExactly("50");
    assertThat(changes.rows("SELECT count(*) FROM old.\"Tokens\"")).containsExactly("199");
  }

  @Test
  void stopsWhereTheArchiveDoesNotTakeARow() throws Exception {
    Rows.run(
        database,
        "CREATE FUNCTION leave_out() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN CASE WHEN NEW.id <> 120 THEN NEW END; END'",
        "CREATE TRIGGER leave_out BEFORE INSERT ON old.\"Tokens\" FOR EACH ROW EXECUTE FUNCTION leave_out()",
        "UPDATE tokens SET revoked = 1 WHERE id = 120");

    assertThat(changes.failing(ARCHIVED))
        .startsWith(
            "expected 1 row changed for each item, found 1 changed for 2 items (rolled back;");
    assertThat(changes.rows("SELECT count(*) FROM tokens")).containsExactly("301");
  }

  @Test
  void stopsWhereAColumnIsAddedThatTheArchiveLacks() throws Exception {
    var job = changes.job(ARCHIVED);
    var script = new ScriptedController();
    try (var engine = changes.engine(job, script)) {
      script.atIteration(2, () -> Rows.run(database, "ALTER TABLE tokens ADD COLUMN reason text"));
      engine.queue("change").steps();
    }

    assertThat(changes.rows("SELECT last_error FROM undercurrent.runs").toString())
        .contains("expected the columns of tokens to stay while its rows are archived");
    assertThat(changes.rows("SELECT count(*) FROM old.\"Tokens\"")).containsExactly("99");

    Rows.run(database, "UPDATE undercurrent.runs SET given_up_at = NULL");
    try (var engine = changes.engine(job)) {
      engine.steps();
    }
    assertThat(changes.rows("SELECT last_error FROM undercurrent.runs").toString())
        .contains("expected a column 'reason' in table old.\"Tokens\", found none");
  }
}
