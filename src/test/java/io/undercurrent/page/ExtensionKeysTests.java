package io.undercurrent.page;

import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.statements;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys of types whose schema is not on the search path. */
@PostgresTest
class ExtensionKeysTests {

  @BeforeEach
  void createTables(Database database) {
    Rows.run(
        database,
        "CREATE SCHEMA extensions",
        "CREATE EXTENSION citext SCHEMA extensions",
        "CREATE EXTENSION ltree SCHEMA extensions",
        "CREATE TABLE accounts (email extensions.citext PRIMARY KEY, n int NOT NULL DEFAULT 0)",
        """
        INSERT INTO accounts
        SELECT concat(CASE i % 2 WHEN 0 THEN 'User' ELSE 'user' END, to_char(i, 'FM00000'))
          FROM generate_series(1, 1000) AS i""",
        "CREATE TABLE places (path extensions.ltree PRIMARY KEY, n int NOT NULL DEFAULT 0)",
        "INSERT INTO places SELECT CAST(concat('a.', i) AS extensions.ltree) FROM generate_series(1, 1000) AS i");
  }

  /** Equality of citext's own texts is that of text, which is what the author's {@code =} means. */
  @Test
  void writesEveryRowOnce(Database database) throws Exception {
    run(database, new Read.Table("accounts", List.of("email"), null), ACCOUNTS);
    run(
        database,
        new Read.Query(new Sql("SELECT email FROM accounts", 1), List.of("email")),
        ACCOUNTS);
    run(database, new Read.Table("accounts", List.of("email"), new Sql("n = 2", 1)), ACCOUNTS);

    assertThat(Rows.of(database, "SELECT n || ' in ' || count(*) FROM accounts GROUP BY n"))
        .containsExactly("3 in 1000");
    assertThat(counts(database))
        .containsExactly("COMPLETED 1000", "COMPLETED 1000", "COMPLETED 1000");
  }

  @Test
  void writesEveryRowOnceWithTheOperatorThatTheAuthorNames(Database database) throws Exception {
    run(
        database,
        new Read.Table("places", List.of("path"), null),
        "UPDATE places SET n = n + 1 FROM chunk WHERE places.path OPERATOR(extensions.=) chunk.path");

    assertThat(Rows.of(database, "SELECT n || ' in ' || count(*) FROM places GROUP BY n"))
        .containsExactly("1 in 1000");
    assertThat(counts(database)).containsExactly("COMPLETED 1000");
  }

  private static final String ACCOUNTS =
      "UPDATE accounts SET n = n + 1 FROM chunk WHERE accounts.email = chunk.email";

  private static void run(Database database, Read read, String write) throws InterruptedException {
    // Chunks of 100, whatever the pace.
    var script = new ScriptedController().target(Duration.ofNanos(1));
    var work = new ReadWrite(read, null, statements(write));
    new Engine(database, script.controller(), job(update("accounts", work)))
        .queue("accounts")
        .finish();
  }

  private static List<String> counts(Database database) {
    return database
        .jdbc()
        .sql("SELECT status || ' ' || read_count FROM undercurrent.batch_step_execution ORDER BY 1")
        .query(String.class)
        .list();
  }
}
