package io.undercurrent.command;

import static java.util.Objects.requireNonNull;

import io.undercurrent.command.Actions.Change;
import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.job.Jobs;
import io.undercurrent.quarantine.QuarantineFilter;
import io.undercurrent.quarantine.QuarantineTable;
import io.undercurrent.quarantine.QuarantinedRow;
import io.undercurrent.runner.QuarantineReplay;
import io.undercurrent.runner.QuarantineReplay.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** What operators ask about the rows that updates of one database have put aside. */
public final class QuarantineCommands {

  private final Database database;
  private final Jobs jobs;
  private final RunnerContext context;
  private final Operator operator;
  private final QuarantineTable table;

  QuarantineCommands(Database database, Jobs jobs, RunnerContext context, Operator operator) {
    this.database = database;
    this.jobs = jobs;
    this.context = context;
    this.operator = operator;
    this.table = new QuarantineTable(database.jdbc());
  }

  /**
   * Rows, those first that were tried last; none where Undercurrent never worked.
   *
   * @param limit how many at most
   */
  public List<QuarantinedRow> list(QuarantineFilter filter, int limit) {
    return database.isPrepared() ? table.list(filter, limit) : List.of();
  }

  /** How many there are. */
  public long count(QuarantineFilter filter) {
    return database.isPrepared() ? table.count(filter) : 0;
  }

  /** How many rows of each run of an update are there. */
  public SortedMap<Long, Long> runs(String update) {
    return database.isPrepared() ? table.runs(update) : new TreeMap<>();
  }

  /** The update as its job file is now; empty if none defines it. */
  public Optional<DefinedUpdate> definition(String update) {
    return jobs.definition(update);
  }

  /** The number of an update's last run. */
  public long lastRun(String update) {
    return database
        .jdbc()
        .sql("SELECT coalesce(max(run), 0) FROM undercurrent.runs WHERE update_name = :update")
        .param("update", update)
        .query(Long.class)
        .single();
  }

  /** What runs of an update have left behind, in a sentence; empty if nothing. */
  static Optional<String> leftBehind(QuarantineTable table, String update) {
    var rows = table.count(QuarantineFilter.of(update));
    return rows == 0
        ? Optional.empty()
        : Optional.of(
            "%s of '%s' %s in quarantine. See %s with: quarantine %s"
                .formatted(
                    rows == 1 ? "1 row" : rows + " rows",
                    update,
                    rows == 1 ? "is" : "are",
                    rows == 1 ? "it" : "them",
                    update));
  }

  /**
   * Tries rows of one run again, as the update's job file is now. Each is done once for the run
   * that has put it aside, whatever other processes and later runs do.
   *
   * @param progress is given what came of each row
   * @throws RefusedException if no job file defines the update, or if it does not fit the database
   */
  public void replay(
      QuarantineFilter filter, String update, BiConsumer<QuarantinedRow, Outcome> progress)
      throws InterruptedException {
    var defined =
        definition(update)
            .orElseThrow(
                () ->
                    new RefusedException(
                        "No file in jobs/ defines update '%1$s', by which its rows could be tried again. Add the file back, or forget them with: quarantine drop %1$s"
                            .formatted(update)));
    database.prepare();
    var before = table.count(filter);
    var run = requireNonNull(filter.run(), "run");
    try (var replay = new QuarantineReplay(database, context, defined, run)) {
      var rows = new ArrayList<>(table.list(filter, before));
      Collections.reverse(rows);
      for (var row : rows) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        progress.accept(row, replay.row(row));
      }
    } finally {
      record("replay", update, before, table.count(filter));
    }
  }

  /** Takes rows of one update out of quarantine that are not to be tried again; says how many. */
  public long drop(QuarantineFilter filter, String update) {
    database.prepare();
    return database
        .transactions()
        .execute(
            status -> {
              var dropped = table.drop(filter);
              record("drop", update, dropped, 0);
              return dropped;
            });
  }

  private void record(String action, String update, long before, long after) {
    new Actions(database.jdbc(), operator)
        .record(
            new Change(action, update, before + " in quarantine", after + " in quarantine", null));
  }
}
