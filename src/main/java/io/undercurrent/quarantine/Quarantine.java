package io.undercurrent.quarantine;

import io.undercurrent.failure.HopelessException;
import io.undercurrent.failure.QuarantineLimit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * The rows that one run has put aside.
 *
 * @param table where they are
 * @param update the update
 * @param run its run
 * @param limit how many may be put aside, or null for none
 */
public record Quarantine(
    QuarantineTable table, String update, long run, @Nullable QuarantineLimit limit) {

  /** The exit code of a run that has completed but for rows in quarantine. */
  public static final String COMPLETED = "COMPLETED WITH QUARANTINE";

  private static final String COUNT = "undercurrent.quarantined";

  /** Counts a row in the context of the step that puts it aside, in the same transaction. */
  public static void countIn(ExecutionContext context) {
    context.putLong(COUNT, context.getLong(COUNT, 0) + 1);
  }

  /** Has a context count none, as that of a slice that begins. */
  public static void countNone(ExecutionContext context) {
    context.remove(COUNT);
  }

  /** Whether the run ever put a row aside. */
  public static boolean isIn(ExecutionContext context) {
    return context.containsKey(COUNT);
  }

  /**
   * Puts a row aside.
   *
   * @param ofRows how many rows the run has, as far as that is known
   * @throws HopelessException if the limit does not allow another one
   */
  public void put(BadRow row, long ofRows) {
    if (limit != null) {
      table.awaitOthers(update, run);
    }
    table.put(update, run, row);
    var count = table.count(update, run);
    if (limit == null || count > limit.most(ofRows)) {
      throw new HopelessException(
          "expected at most %s of run %d to fail ('on-error'), found %d. See the others with: quarantine %s; mend them or 'write', then: retry %s. The last error: %s"
              .formatted(
                  limit == null ? "no row" : limit.words(),
                  run,
                  count,
                  update,
                  update,
                  row.message()));
    }
  }

  /** How a run ends that leaves rows in quarantine; empty if it leaves none there. */
  public Optional<ExitStatus> status() {
    var count = table.count(update, run);
    return count == 0
        ? Optional.empty()
        : Optional.of(
            new ExitStatus(
                COMPLETED, "%d %s in quarantine".formatted(count, count == 1 ? "row" : "rows")));
  }
}
