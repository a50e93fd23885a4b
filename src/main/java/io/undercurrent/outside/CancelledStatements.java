package io.undercurrent.outside;

import io.undercurrent.database.Database;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.ddl.DdlSession;
import io.undercurrent.lease.BuildSessions;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/** The statements of a cancelled update: waits until its runner has cut them, and clears up. */
record CancelledStatements(Database database, List<OutsideStatement> statements, TimeSource time) {

  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String NAME = "undercurrent cancel";

  /** What became of them, in a sentence; nothing if none was under way and nothing is left. */
  Optional<String> clear(boolean underWay) {
    var begin = time.nanos();
    if (underWay && !awaitEnd(begin)) {
      return Optional.of(
          "The runner has not stopped its statement within %d s; its session ends with the runner"
              .formatted(PATIENCE.toSeconds()));
    }
    var stopped =
        underWay
            ? "The statement was stopped after %d ms. ".formatted(time.since(begin).toMillis())
            : "";
    var sentence = (stopped + leftovers()).strip();
    return sentence.isEmpty() ? Optional.empty() : Optional.of(sentence);
  }

  private boolean awaitEnd(long begin) {
    var sessions = new BuildSessions(database.jdbc());
    try {
      while (sessions.underWay()) {
        if (time.since(begin).compareTo(PATIENCE) > 0) {
          return false;
        }
        time.sleep(LOOK);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private String leftovers() {
    var dropped = new ArrayList<String>();
    for (var statement : statements) {
      if (statement.leavesIndexes()) {
        try {
          dropped.addAll(dropped(statement));
        } catch (RuntimeException e) {
          return "INVALID indexes that '%s' has left could not be dropped: %s"
              .formatted(statement.sql(), SqlFailure.of(e).sentence());
        }
      }
    }
    return dropped.isEmpty()
        ? ""
        : "What a broken-off REINDEX had left has been dropped: " + String.join(", ", dropped);
  }

  private List<String> dropped(OutsideStatement statement) {
    try (var observer = database.pool(NAME, 1, "");
        var session =
            new DdlSession(
                database.connect(NAME), new JdbcTemplate(observer), new StopSignal(time), time)) {
      session.limit(PATIENCE);
      return new ReindexLeftovers(session, statement).drop();
    }
  }
}
