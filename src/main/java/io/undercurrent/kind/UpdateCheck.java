package io.undercurrent.kind;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.index.IndexRules;
import io.undercurrent.index.WantedIndex;
import io.undercurrent.iteration.Beans;
import io.undercurrent.iteration.SessionSettings;
import io.undercurrent.job.UpdateDefinition;
import io.undercurrent.job.Work;
import io.undercurrent.job.Work.Read;
import io.undercurrent.job.Work.ReadWrite;
import io.undercurrent.rows.Guard;
import io.undercurrent.rows.KeysetPages;
import io.undercurrent.rows.SetBasedWriter;
import io.undercurrent.rows.UnindexedReferences;
import io.undercurrent.rows.WriteRule;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.SqlTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Plans every statement of a job's updates against a database; runs none. An index is built on an
 * empty copy of its table, and rolled back.
 */
public final class UpdateCheck {

  private static final String NO_SCHEMA = "3F000";
  private static final Pattern OWN_SCHEMA = Pattern.compile("(?<![\\w.])undercurrent(?![\\w.])");

  /** A relation, function or type, behind a blank or a quotation mark of any language. */
  private static final Pattern IN_OWN_SCHEMA = Pattern.compile("(?<![\\w.(])undercurrent\\.\\w");

  private final JdbcTemplate jdbc;
  private final Map<String, Object> values;
  private final Beans beans;

  private List<Problem> problems = new ArrayList<>();
  private final EarlierUpdates earlier = new EarlierUpdates();

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
   * @return its problems and warnings, empty if there is none
   */
  public List<Problem> check(UpdateDefinition update) {
    problems = new ArrayList<>();
    SessionSettings.apply(update, jdbc);
    if (update.work() instanceof Work.Run run) {
      checkRun(update.name(), run);
    } else if (update.work() instanceof Work.CreateIndex index) {
      attempt(index.line(), () -> checkIndex(index));
      earlier.built(update.name(), index);
    } else {
      checkReadWrite(update.line(), (ReadWrite) update.work());
    }
    return problems;
  }

  private void checkRun(String name, Work.Run run) {
    var inTheSameRole = true;
    for (var sql : run.statements()) {
      var planned = inTheSameRole && isPlanned(sql.text());
      attempt(sql.line(), () -> checkOneShot(sql.text(), planned));
      inTheSameRole = inTheSameRole && !new SqlTemplate(sql.text(), List.of()).contains("ROLE");
      earlier.ran(name, sql.text());
    }
  }

  private static boolean isPlanned(String sql) {
    return SetBasedWriter.ALLOWED.contains(new SqlTemplate(sql, List.of()).keyword());
  }

  /** Planning finds missing privileges as well. */
  private BoundSql checkOneShot(String sql, boolean planned) {
    var statement = RunStep.statement(sql, values);
    if (planned) {
      statement.explain(jdbc);
    } else {
      statement.describe(jdbc);
    }
    return statement;
  }

  private String checkIndex(Work.CreateIndex index) {
    var rules = new IndexRules(jdbc, WantedIndex.of(jdbc, index, values));
    rules
        .nothingToReplace()
        .ifPresent(
            sentence ->
                problems.add(
                    new Problem(
                        index.line(), Seriousness.REFUSED, sentence, earlier.maker(), false)));
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
    if (work.expect() != null && work.write() instanceof Work.Write.Statements statements) {
      statements
          .statements()
          .forEach(
              sql -> attempt(sql.line(), () -> SetBasedWriter.requireCounted(sql.text(), values)));
    }
    var pages = checkRead(line, work);
    pages.ifPresent(read -> checkWrite(line, work, read));
    if (problems.stream().noneMatch(problem -> problem.seriousness() == Seriousness.REFUSED)) {
      pages.ifPresent(read -> attempt(line, () -> Guard.of(jdbc, work, read, values)));
    }
  }

  /** How is read, unless that cannot be told. */
  private Optional<KeysetPages> checkRead(int line, ReadWrite work) {
    if (work.read() instanceof Read.Table table && table.where() != null) {
      var where = table.where();
      var rest =
          new ReadWrite(new Read.Table(table.table(), table.key(), null), null, work.write());
      return attempt(line, table.table(), () -> KeysetPages.of(jdbc, rest, values))
          .flatMap(any -> attempt(where.line(), () -> prepared(work)));
    }
    return work.read() instanceof Read.Query query
        ? attempt(query.sql().line(), () -> prepared(work))
        : attempt(line, ((Read.Table) work.read()).table(), () -> prepared(work));
  }

  private KeysetPages prepared(ReadWrite work) {
    var pages = KeysetPages.of(jdbc, work, values);
    pages.check(jdbc);
    return pages;
  }

  private void checkWrite(int line, ReadWrite work, KeysetPages pages) {
    if (work.write() instanceof Work.Write.Statements statements) {
      attempt(line, () -> new WriteRule(jdbc, work.read(), pages, values))
          .ifPresent(rule -> statements.statements().forEach(sql -> checkWrite(rule, sql)));
    }
  }

  private void checkWrite(WriteRule rule, Work.Sql sql) {
    attempt(
        sql.line(),
        () -> {
          var plan = rule.check(sql.text());
          new UnindexedReferences(jdbc, earlier.indexes())
              .warnings(SqlTemplate.parse(sql.text(), values), plan)
              .forEach(sentence -> problems.add(warning(sql.line(), sentence)));
          return plan;
        });
  }

  private static Problem warning(int line, String sentence) {
    return new Problem(line, Seriousness.WARNING, sentence, null, false);
  }

  private <T> Optional<T> attempt(int line, Supplier<T> attempt) {
    return attempt(line, null, attempt);
  }

  /** An attempt that may be refused for the keys or indexes of a table. */
  private <T> Optional<T> attempt(int line, @Nullable String table, Supplier<T> attempt) {
    try {
      return Optional.of(attempt.get());
    } catch (RefusedException e) {
      var changer = table == null ? null : earlier.changerOf(table);
      var message = String.valueOf(e.getMessage());
      problems.add(new Problem(line, Seriousness.REFUSED, message, changer, false));
    } catch (DataAccessException e) {
      var failure = SqlFailure.of(e);
      if (failure.down()) {
        throw e;
      }
      problems.add(problem(line, failure.sentence(), String.valueOf(failure.sqlState())));
    }
    return Optional.empty();
  }

  private Problem problem(int line, String sentence, String sqlState) {
    var own = sqlState.equals(NO_SCHEMA) ? OWN_SCHEMA : IN_OWN_SCHEMA;
    var ownIsMissing = EarlierUpdates.isMissing(sqlState) && own.matcher(sentence).find();
    return new Problem(
        line, Seriousness.REFUSED, sentence, earlier.makerOf(sqlState), ownIsMissing);
  }

  /** How serious a problem is. */
  public enum Seriousness {
    /** The update cannot run, or must not. */
    REFUSED,
    /** It can run, and somebody may be sorry for it. */
    WARNING
  }

  /**
   * A problem of an update.
   *
   * @param line the line of the job file
   * @param message what is wrong
   * @param maker the update that may still mend it, or null if none will
   * @param own whether something is missing in Undercurrent's own schema
   */
  public record Problem(
      int line, Seriousness seriousness, String message, @Nullable String maker, boolean own) {}
}
