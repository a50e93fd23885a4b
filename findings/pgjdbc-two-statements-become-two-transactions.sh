#!/usr/bin/env bash
# pgjdbc 42.7.14, PostgreSQL 18.6, autocommit on.
#
# The good guess: "INSERT ...; SELECT ..." in one execute() is one implicit transaction. The server says so of a message
# with several statements, and the driver sends both before it waits for an answer. So the INSERT is undone where the
# SELECT fails; a test that executes it once, or five times, finds just that.
#
# What is so: once the pair is prepared on the server (after five executions, prepareThreshold), and if its
# second statement has a parameter whose type the driver leaves open (setTimestamp) and returns a column without a
# greatest length (text), the driver sends a Sync between the two. It ends the implicit transaction: the INSERT is
# committed, and stays where the SELECT fails. With a column of fixed length (int, name) both stay one.
#
# Output seen: the lines below. The program needs a JDK 17; Maven brings the rest.
. "$(dirname "$0")/run-on-postgres.sh"

seen=$(run_on_postgres TwoStatements.java <<'END'
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.SQLException;
import java.sql.Timestamp;

class TwoStatements {

  public static void main(String[] args) throws Exception {
    try (var server = EmbeddedPostgres.start();
        var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE noted (number int)");
      statement.execute("CREATE TABLE words (divisor int, word text)");
      statement.execute("INSERT INTO words VALUES (1, 'one')");
      for (var column : new String[] {"divisor", "CAST(word AS name)", "word"}) {
        try (var pair =
            connection.prepareStatement(
                "INSERT INTO noted VALUES (?); SELECT "
                    + column
                    + " FROM words WHERE 1 / divisor = 1 AND ? > DATE '2000-01-01'")) {
          for (int execution = 1; execution <= 8; execution++) {
            var fails = execution % 4 == 0;
            statement.execute("TRUNCATE noted");
            statement.execute("UPDATE words SET divisor = " + (fails ? 0 : 1));
            pair.setInt(1, execution);
            pair.setTimestamp(2, new Timestamp(1_700_000_000_000L));
            var outcome = "done";
            try {
              pair.execute();
            } catch (SQLException e) {
              outcome = e.getSQLState();
            }
            if (fails) {
              var rows = statement.executeQuery("SELECT count(*) FROM noted");
              rows.next();
              System.out.printf(
                  "%s, execution %d: %s, rows of the INSERT left: %d%n",
                  column, execution, outcome, rows.getInt(1));
            }
          }
        }
      }
    }
  }
}
END
)
expected='divisor, execution 4: 22012, rows of the INSERT left: 0
divisor, execution 8: 22012, rows of the INSERT left: 0
CAST(word AS name), execution 4: 22012, rows of the INSERT left: 0
CAST(word AS name), execution 8: 22012, rows of the INSERT left: 0
word, execution 4: 22012, rows of the INSERT left: 0
word, execution 8: 22012, rows of the INSERT left: 1'
echo "$seen"
diff <(echo "$expected") <(echo "$seen")
