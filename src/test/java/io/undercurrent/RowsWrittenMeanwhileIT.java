package io.undercurrent;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.testing.Rows;
import io.undercurrent.testing.process.Distribution;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A run beside an application that writes, by what an operator starts, reads and finds. */
class RowsWrittenMeanwhileIT extends OperatorsPlace {

  @Test
  void keepsWhatTheApplicationCommitsBetweenReadAndWrite() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE members (id int PRIMARY KEY, domain text)",
        "INSERT INTO members (id) SELECT generate_series(1, 50)");
    file(
        "fill_domains",
        """
            read: {table: members, key: [id], where: domain IS NULL}
            write: UPDATE members SET domain = 'filled' FROM chunk WHERE members.id = chunk.id""");
    assertThat(undercurrent("start", "fill_domains").exitCode()).isZero();
    CompletableFuture<Distribution.Result> run;
    try (Connection application = database.connect("application");
        Statement statement = application.createStatement()) {
      application.setAutoCommit(false);
      statement.execute("UPDATE members SET domain = 'mine' WHERE id = 25");
      run = CompletableFuture.supplyAsync(this::run);
      Rows.await(
          database, "SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'");
      application.commit();
    }

    assertThat(run.get().exitCode()).isZero();
    assertThat(
            Rows.of(
                database,
                "SELECT domain || ' ' || count(*) FROM members GROUP BY domain ORDER BY domain"))
        .containsExactly("filled 49", "mine 1");
  }

  private Distribution.Result run() {
    try {
      return undercurrent("run");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
