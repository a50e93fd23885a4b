package io.undercurrent.advice;

import io.undercurrent.kind.CheckContext;
import io.undercurrent.kind.Concern;
import io.undercurrent.plan.SlowPlan;
import io.undercurrent.plan.StatementPlan;
import io.undercurrent.plan.UnindexedReferences;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.SqlTemplate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Warns of what is slow, or does more than it says, for each chunk of an update that is sound. */
public final class ChunkAdvice {

  private static final Logger log = LoggerFactory.getLogger(ChunkAdvice.class);

  private final CheckContext check;

  public ChunkAdvice(CheckContext check) {
    this.check = check;
  }

  /**
   * About the statements that read a chunk.
   *
   * @param line where the update says what is read
   * @param plans of these statements; may fail
   */
  public void read(int line, Stream<Supplier<SlowPlan>> plans) {
    plans.forEach(
        plan ->
            warn(
                line,
                plan,
                "reading a chunk",
                "Build an index by which only the rows of a chunk are looked at, with 'create-index:'"));
  }

  /**
   * About a statement that writes a chunk.
   *
   * @param sql as in the job file
   * @param onNothing the same, as it would run on an empty chunk
   * @param plan what it touches
   */
  public void write(Sql sql, BoundSql onNothing, StatementPlan plan) {
    var statement = SqlTemplate.parse(sql.text(), check.values());
    warn(
        sql.line(),
        () -> SlowPlan.ofChunk(check.jdbc(), onNothing),
        "this statement",
        "Build an index on the columns that are compared with those of 'chunk', with 'create-index:'");
    new UnindexedReferences(check.jdbc(), check.earlier().indexes())
        .warnings(statement, plan)
        .forEach(sentence -> check.warn(sql.line(), Concern.CASCADE, sentence));
    new RowTriggers(check.jdbc())
        .warnings(statement, plan)
        .forEach(sentence -> check.warn(sql.line(), Concern.ROW_TRIGGERS, sentence));
    new ColdUpdates(check.jdbc())
        .warnings(statement)
        .forEach(sentence -> check.warn(sql.line(), Concern.NO_HOT_UPDATE, sentence));
  }

  private void warn(int line, Supplier<SlowPlan> planned, String subject, String cure) {
    try {
      var plan = planned.get();
      var mended = plan.tables().stream().anyMatch(name -> check.earlier().changerOf(name) != null);
      if (!plan.findings().isEmpty() && !mended) {
        check.warn(
            line,
            Concern.SLOW_PLAN,
            "expected a plan that looks at the rows of a chunk only, found that %s %s, for each chunk. %s"
                .formatted(subject, plan.words(), cure));
      }
    } catch (DataAccessException e) {
      // What cannot be planned with any value may well be with one; it was planned before.
      log.debug("No plan for a warning", e);
    }
  }
}
