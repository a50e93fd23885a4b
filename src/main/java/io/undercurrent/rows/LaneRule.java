package io.undercurrent.rows;

import io.undercurrent.page.KeysetPages;
import io.undercurrent.plan.StatementPlan;
import io.undercurrent.sql.BoundSql;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Whether chunks may be worked on at the same time: what one reads must not depend on what another
 * one changes, but for the row of its own key, which is in one chunk only. Otherwise both would
 * delete what each sees twice, or insert what each misses.
 *
 * @param walked the table whose keys are walked, or null where that is not one table
 * @param touched what is read, and what the statements read and change
 * @param stateful whether a bean keeps something from chunk to chunk
 */
record LaneRule(@Nullable String walked, Footprint touched, boolean stateful) {

  static LaneRule of(JdbcTemplate jdbc, ChunkComponents chunks) {
    return of(jdbc, chunks.guard().pages(), chunks.guard().footprint(), chunks.keepsState());
  }

  static LaneRule of(JdbcTemplate jdbc, KeysetPages pages, Footprint footprint, boolean stateful) {
    var walked =
        pages
            .table(jdbc)
            .map(table -> StatementPlan.of(jdbc, BoundSql.of("SELECT FROM " + table, List.of())))
            .map(StatementPlan::read)
            // that of a view may read several
            .filter(tables -> tables.size() == 1)
            .map(tables -> tables.iterator().next());
    return new LaneRule(walked.orElse(null), footprint, stateful);
  }

  /** Why they may not, in a clause; empty if they may. */
  Optional<String> reason() {
    if (stateful) {
      return Optional.of("a bean of it keeps something from chunk to chunk (ItemStream)");
    }
    if (walked == null) {
      return Optional.of(
          "the columns of its key are not those of one table, by which it could be cut");
    }
    var twice = new TreeSet<String>();
    for (var table : touched.changed()) {
      var byKey = table.equals(walked);
      var read = touched.matching().scans().getOrDefault(table, 0);
      if (read > (byKey ? 1 : 0)
          || touched.writes().stream().anyMatch(write -> write.readsBesides(table, byKey))) {
        twice.add(table);
      }
    }
    return twice.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "its chunks depend on each other: it changes %s and reads other rows there, too"
                .formatted(String.join(", ", twice)));
  }
}
