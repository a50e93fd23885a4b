package io.undercurrent.advice;

import static java.util.stream.Collectors.toSet;

import io.undercurrent.database.RefusedException;
import io.undercurrent.kind.CheckContext;
import io.undercurrent.kind.Concern;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.LargeScans;
import io.undercurrent.sql.LargeScans.LargeScan;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.SqlTemplate;
import io.undercurrent.sql.StatementPlan;
import io.undercurrent.sql.UnindexedReferences;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
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
   * @param first those of the first chunk
   * @param later those of all others
   */
  public void read(int line, List<BoundSql> first, List<BoundSql> later) {
    var scans = new ArrayList<LargeScan>();
    first.forEach(page -> scans.addAll(scans(() -> LargeScans.of(check.jdbc(), page))));
    later.forEach(page -> scans.addAll(scans(() -> LargeScans.ofLaterPage(check.jdbc(), page))));
    warn(line, "read", scans);
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
    warn(sql.line(), "written", scans(() -> LargeScans.of(check.jdbc(), onNothing)));
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

  /** A plan that cannot be made of what can be run is nothing to refuse an update for. */
  private static List<LargeScan> scans(Supplier<List<LargeScan>> plan) {
    try {
      return plan.get();
    } catch (DataAccessException | RefusedException e) {
      log.debug("No plan of a chunk", e);
      return List.of();
    }
  }

  private void warn(int line, String done, List<LargeScan> scans) {
    var sorted = scans.stream().filter(LargeScan::sorted).map(LargeScan::table).collect(toSet());
    Set<String> said = new HashSet<>();
    for (var scan : scans) {
      var isNamedBefore = check.earlier().changerOf(scan.table()) != null;
      if (!isNamedBefore && said.add(scan.table())) {
        check.warn(
            line,
            Concern.SLOW_PLAN,
            String.format(
                Locale.ROOT,
                "for each chunk that is %s, PostgreSQL reads %,d rows of %s%s, by its plan. %s",
                done,
                scan.rows(),
                scan.table(),
                sorted.contains(scan.table()) ? " and sorts them" : "",
                done.equals("read")
                    ? "Build an index that leads to the rows in the order of the key, with 'create-index:', or read by a key that has one"
                    : "Build an index on the columns that are compared with the chunk's, with 'create-index:', or write them so that one is used"));
      }
    }
  }
}
