package io.undercurrent.chunk;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.job.UpdateDefinition;
import io.undercurrent.job.Work;
import io.undercurrent.job.Work.Read;
import io.undercurrent.job.Work.ReadWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Prepares every statement of a job's updates against a database; runs none. An index is built on
 * an empty copy of its table, and rolled back.
 */
public final class UpdateCheck {

  /** SQLSTATEs of what an earlier statement of the job may still have to make. */
  private static final Set<String> MISSING = Set.of("42P01", "42703", "42883", "42704", "3F000");

  private final JdbcTemplate jdbc;
  private final Map<String, Object> values;
  private final Beans beans;

  private List<Problem> problems = new ArrayList<>();
  private @Nullable String maker;

  /**
   * A check of one job.
   *
   * @param values what {@code :name} in its SQL stands for
   * @param beans finds the processors and writers that it names
   */
  public UpdateCheck(JdbcTemplate jdbc, Map<String, Object> values, Beans beans) {
    this.jdbc = jdbc;
    this.values = values;
    this.beans = beans;
  }

  /**
   * Checks the next update of the job.
   *
   * @return its problems, empty if there is none
   */
  public List<Problem> check(UpdateDefinition update) {
    problems = new ArrayList<>();
    if (update.work() instanceof Work.Run run) {
      checkRun(update.name(), run);
    } else if (update.work() instanceof Work.CreateIndex index) {
      attempt(index.line(), () -> checkIndex(index));
    } else {
      checkReadWrite(update.line(), (ReadWrite) update.work());
    }
    return problems;
  }

  private void checkRun(String name, Work.Run run) {
    for (var sql : run.statements()) {
      attempt(sql.line(), () -> RunStep.statement(sql.text(), values).describe(jdbc));
      maker = name;
    }
  }

  private String checkIndex(Work.CreateIndex index) {
    var rules = new IndexRules(jdbc, WantedIndex.of(jdbc, index, values));
    rules
        .nothingToReplace()
        .ifPresent(sentence -> problems.add(new Problem(index.line(), sentence, maker)));
    return rules.check();
  }

  private void checkReadWrite(int line, ReadWrite work) {
    var process = work.process();
    if (process != null) {
      attempt(line, () -> beans.get(process, ItemProcessor.class));
    }
    if (work.write() instanceof Work.Write.Bean bean) {
      attempt(line, () -> beans.get(bean.name(), ItemWriter.class));
    }
    var pages = checkRead(line, work);
    pages.ifPresent(read -> checkWrite(work.write(), read.columns()));
    if (problems.isEmpty()) {
      pages.ifPresent(read -> attempt(line, () -> Guard.of(jdbc, work, read, values)));
    }
  }

  /** The pages that are read, unless they cannot be told. */
  private Optional<KeysetPages> checkRead(int line, ReadWrite work) {
    if (work.read() instanceof Read.Table table && table.where() != null) {
      var where = table.where();
      var rest =
          new ReadWrite(new Read.Table(table.table(), table.key(), null), null, work.write());
      return attempt(line, () -> KeysetPages.of(jdbc, rest, values))
          .flatMap(any -> attempt(where.line(), () -> prepared(work)));
    }
    var readLine = work.read() instanceof Read.Query query ? query.sql().line() : line;
    return attempt(readLine, () -> prepared(work));
  }

  private KeysetPages prepared(ReadWrite work) {
    var pages = KeysetPages.of(jdbc, work, values);
    pages.statements().forEach(statement -> statement.describe(jdbc));
    return pages;
  }

  private void checkWrite(Work.Write write, List<Column> columns) {
    if (write instanceof Work.Write.Statements statements) {
      for (var sql : statements.statements()) {
        attempt(
            sql.line(), () -> SetBasedWriter.onNothing(sql.text(), columns, values).describe(jdbc));
      }
    }
  }

  private <T> Optional<T> attempt(int line, Supplier<T> attempt) {
    try {
      return Optional.of(attempt.get());
    } catch (RefusedException e) {
      problems.add(new Problem(line, String.valueOf(e.getMessage()), null));
    } catch (DataAccessException e) {
      var failure = SqlFailure.of(e);
      if (failure.down()) {
        throw e;
      }
      var missing = MISSING.contains(String.valueOf(failure.sqlState()));
      problems.add(new Problem(line, failure.sentence(), missing ? maker : null));
    }
    return Optional.empty();
  }

  /**
   * A problem of an update.
   *
   * @param line the line of the job file
   * @param message what is wrong
   * @param maker the update that may still make what is missing, or null if nothing is or none will
   */
  public record Problem(int line, String message, @Nullable String maker) {}
}
