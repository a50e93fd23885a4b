package io.undercurrent.kind;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.iteration.Beans;
import io.undercurrent.kind.UpdateCheck.Problem;
import io.undercurrent.kind.UpdateCheck.Seriousness;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the check of one update works with, and the problems that it finds. */
public final class CheckContext {

  private static final String NO_SCHEMA = "3F000";
  private static final Pattern OWN_SCHEMA = Pattern.compile("(?<![\\w.])undercurrent(?![\\w.])");

  /** A relation, function or type, after a blank or a quotation mark of any language. */
  private static final Pattern IN_OWN_SCHEMA = Pattern.compile("(?<![\\w.(])undercurrent\\.\\w");

  private final UpdateDefinition update;
  private final JdbcTemplate jdbc;
  private final Map<String, Object> values;
  private final Beans beans;
  private final EarlierUpdates earlier;
  private final List<Problem> problems = new ArrayList<>();

  CheckContext(
      UpdateDefinition update,
      JdbcTemplate jdbc,
      Map<String, Object> values,
      Beans beans,
      EarlierUpdates earlier) {
    this.update = update;
    this.jdbc = jdbc;
    this.values = values;
    this.beans = beans;
    this.earlier = earlier;
  }

  public UpdateDefinition update() {
    return update;
  }

  /** The check's one session. */
  public JdbcTemplate jdbc() {
    return jdbc;
  }

  /** What {@code :name} stands for in the SQL of the job. */
  public Map<String, Object> values() {
    return values;
  }

  /**
   * Requires a bean that the job file names.
   *
   * @param line the line that names it
   */
  public void requireBean(int line, String name, Class<?> type) {
    attempt(line, () -> beans.get(name, type));
  }

  /** A bean that was found. */
  public <T> T bean(String name, Class<T> type) {
    return beans.get(name, type);
  }

  /** What the updates before this one may have changed by the time that it runs. */
  public EarlierUpdates earlier() {
    return earlier;
  }

  /** Whether nothing has been found that keeps the update from running. */
  public boolean isSound() {
    return problems.stream().noneMatch(problem -> problem.seriousness() == Seriousness.REFUSED);
  }

  /** Something that may not be what was meant. */
  public void warn(int line, String sentence) {
    problems.add(new Problem(line, Seriousness.WARNING, sentence, null, false));
  }

  /** Something of a sort that the job file may allow; nothing then. */
  public void warn(int line, Concern concern, String sentence) {
    if (!update.options().allowed().contains(concern)) {
      warn(line, withWayOut(concern, sentence));
    }
  }

  /**
   * Something that keeps the update from running.
   *
   * @param maker the earlier update that may still mend it, or null
   */
  public void refuse(int line, String sentence, @Nullable String maker) {
    problems.add(new Problem(line, Seriousness.REFUSED, sentence, maker, false));
  }

  /**
   * Something of a sort that keeps the update from running unless the job file allows it.
   *
   * @param tables those that an earlier update may change so that it is none
   */
  public void refuse(int line, Concern concern, String sentence, Set<String> tables) {
    if (!update.options().allowed().contains(concern)) {
      var changer =
          tables.stream().map(earlier::changerOf).filter(Objects::nonNull).findFirst().orElse(null);
      refuse(line, withWayOut(concern, sentence), changer);
    }
  }

  private static String withWayOut(Concern concern, String sentence) {
    return "%s; if that is meant, say so with: allow: [%s]".formatted(sentence, concern.word());
  }

  /** Attempts something; it is a problem if it is refused or fails on the server. */
  public <T> Optional<T> attempt(int line, Supplier<T> attempt) {
    return attempt(line, null, attempt);
  }

  /**
   * An attempt that may be refused for the keys or indexes of a table.
   *
   * @param table the table, as written in SQL, which an earlier update may change
   */
  public <T> Optional<T> attemptOn(int line, String table, Supplier<T> attempt) {
    return attempt(line, table, attempt);
  }

  private <T> Optional<T> attempt(int line, @Nullable String table, Supplier<T> attempt) {
    try {
      return Optional.of(attempt.get());
    } catch (RefusedException e) {
      var changer = table == null ? null : earlier.changerOf(table);
      refuse(line, String.valueOf(e.getMessage()), changer);
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

  List<Problem> problems() {
    return problems;
  }
}
