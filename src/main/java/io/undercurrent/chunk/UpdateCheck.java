package io.undercurrent.chunk;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.job.UpdateDefinition;
import io.undercurrent.job.Work;
import io.undercurrent.job.Work.ReadWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;

/** Prepares every statement of an update against a database; runs none. */
public final class UpdateCheck {

  /** SQLSTATEs of what an earlier update of the chain may still have to make. */
  private static final Set<String> MISSING = Set.of("42P01", "42703", "42883", "42704", "3F000");

  private final JdbcTemplate jdbc;

  public UpdateCheck(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Checks one update.
   *
   * @param values what {@code :name} in its SQL stands for
   * @return its problems, empty if there is none
   */
  public List<Problem> check(UpdateDefinition update, Map<String, Object> values) {
    var problems = new ArrayList<Problem>();
    if (update.work() instanceof Work.Run run) {
      for (var sql : run.statements()) {
        attempt(problems, sql.line(), () -> prepare(BoundSql.of(sql.text(), values).text()));
      }
    } else {
      check(problems, (ReadWrite) update.work(), update.line(), values);
    }
    return problems;
  }

  private void check(List<Problem> problems, ReadWrite work, int line, Map<String, Object> values) {
    var readLine = work.read() instanceof Work.Read.Query query ? query.sql().line() : line;
    var pages = new ArrayList<KeysetPages>();
    attempt(problems, readLine, () -> pages.add(KeysetPages.of(jdbc, work, values)));
    if (pages.isEmpty()) {
      return;
    }
    for (var statement : pages.get(0).statements()) {
      attempt(problems, readLine, () -> prepare(statement.text()));
    }
    if (work.write() instanceof Work.Write.Statements write) {
      for (var sql : write.statements()) {
        attempt(
            problems,
            sql.line(),
            () -> prepare(SetBasedWriter.text(sql.text(), pages.get(0).columns(), values)));
      }
    }
  }

  private boolean prepare(String sql) {
    PreparedStatementCallback<Boolean> describe =
        statement -> statement.getParameterMetaData() != null;
    return Boolean.TRUE.equals(
        jdbc.execute(connection -> connection.prepareStatement(sql), describe));
  }

  private static void attempt(List<Problem> problems, int line, Supplier<Boolean> attempt) {
    try {
      attempt.get();
    } catch (RefusedException e) {
      problems.add(new Problem(line, String.valueOf(e.getMessage()), false));
    } catch (DataAccessException e) {
      var failure = SqlFailure.of(e);
      var problem =
          new Problem(
              line, failure.sentence(), MISSING.contains(String.valueOf(failure.sqlState())));
      if (!problems.contains(problem)) {
        problems.add(problem);
      }
    }
  }

  /**
   * A problem of an update.
   *
   * @param line the line of the job file
   * @param message what is wrong
   * @param missing whether something does not exist, which an earlier update may make
   */
  public record Problem(int line, String message, boolean missing) {}
}
