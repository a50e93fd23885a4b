package io.undercurrent.status;

import io.undercurrent.lease.RunnerView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one database's queue is doing, read from the database itself.
 *
 * @param database the database's name
 * @param problem why the database cannot be asked, or null; the rest is empty then
 * @param enabled whether updates may run; false also while a pause of all holds
 * @param runner who works the queue off, or null if nobody does
 * @param current the update that runs, was run last and is still queued, or is about to begin; null
 *     while nothing that has begun is queued and nothing can begin
 * @param queued how many updates wait or run
 * @param reason why nothing moves, in a sentence, or null if something does or nothing is queued
 */
public record DatabaseStatus(
    String database,
    @Nullable String problem,
    boolean enabled,
    @Nullable RunnerView runner,
    @Nullable CurrentUpdate current,
    int queued,
    @Nullable String reason) {

  /**
   * The update that an iteration belongs to.
   *
   * @param name the update
   * @param job the job it was queued by
   * @param run its run's number
   * @param state one word: {@code running}, {@code waiting} for a runner, {@code disabled}, or what
   *     holds it: {@code paused}, {@code given-up}, {@code backing-off}, {@code dependency}, {@code
   *     cycle}, {@code undefined}
   * @param items what its pace counts, so far in this run: walked keys, or their weights
   * @param iterations how many iterations that took
   * @param duration the time these iterations took, without the controller's sleep
   * @param itemsPerMs the moving average, or null while nothing was counted
   * @param chunkSize the size of the last chunk, or null before the first
   * @param lastIteration how long the last iteration took, or null before the first
   * @param recentIterations how long the last iterations took, at most 20, the latest last
   * @param progress how far it is, or null where nothing can be said
   * @param indexBuild the index that it builds at this moment, or null
   * @param counts what came of the keys that it walked
   */
  public record CurrentUpdate(
      String name,
      String job,
      long run,
      String state,
      long items,
      long iterations,
      Duration duration,
      @Nullable Double itemsPerMs,
      @Nullable Integer chunkSize,
      @Nullable Duration lastIteration,
      List<Duration> recentIterations,
      @Nullable ProgressView progress,
      @Nullable IndexBuildView indexBuild,
      CountsView counts) {}

  /**
   * What came of the keys that a run has walked.
   *
   * @param walked how many keys it read
   * @param matching how many of them were handed to {@code write}, or null if that is not known
   * @param changed how many rows its statements have changed, or null if that is not known
   */
  public record CountsView(long walked, @Nullable Long matching, @Nullable Long changed) {}

  /**
   * How far an update is, as a range.
   *
   * @param percent at least so much of the work, 0 to 100; 100 only at the end
   * @param percentAtMost at most so much of it
   * @param timeLeft what the rest takes at least at the pace so far, sleeping included, or null
   * @param timeLeftAtMost what it takes at most, or null
   * @param basis what the figures rest on: {@code 12,000 of about 20,000 rows (planner's estimate)}
   */
  public record ProgressView(
      double percent,
      double percentAtMost,
      @Nullable Duration timeLeft,
      @Nullable Duration timeLeftAtMost,
      String basis) {

    /** Figures that are no range. */
    public ProgressView(double percent, @Nullable Duration timeLeft, String basis) {
      this(percent, percent, timeLeft, timeLeft, basis);
    }
  }

  /**
   * An index build under way.
   *
   * @param index the index's name, or null if no job file tells it any more
   * @param pid the server process that builds it
   * @param phase what it does, in PostgreSQL's words: {@code building index: scanning table}
   * @param done how much of the phase is done: {@code 120 of 4,000 blocks}, or null
   * @param percent the same in percent of the phase, or null
   * @param waitsFor the session whose transaction it waits for, or null
   */
  public record IndexBuildView(
      @Nullable String index,
      int pid,
      String phase,
      @Nullable String done,
      @Nullable Double percent,
      @Nullable BlockerView waitsFor) {}

  /**
   * A session that others wait for. PostgreSQL shows what it does only to members of its role and
   * of {@code pg_read_all_stats}.
   *
   * @param pid its server process
   * @param user its role, or null if it has none
   * @param application what it calls itself, or what kind of process it is; null if hidden
   * @param state such as {@code idle in transaction}, or null if hidden
   * @param since when its transaction began, or null if hidden
   * @param query its last statement, or null if hidden
   */
  public record BlockerView(
      int pid,
      @Nullable String user,
      @Nullable String application,
      @Nullable String state,
      @Nullable Instant since,
      @Nullable String query) {

    /** The session in words: {@code session 4711 of report (user anna)}. */
    public String words() {
      return "session %d%s%s"
          .formatted(
              pid,
              application == null || application.isEmpty() ? "" : " of " + application,
              user == null ? "" : " (user " + user + ")");
    }
  }

  /** The same with what keeps this process's runner from its work. */
  public DatabaseStatus with(String trouble) {
    return problem != null
        ? this
        : new DatabaseStatus(database, null, enabled, runner, current, queued, trouble);
  }

  public static DatabaseStatus unreachable(String database, String problem) {
    return new DatabaseStatus(database, problem, false, null, null, 0, null);
  }

  /** A database that has nothing of Undercurrent's yet: nothing was ever started there. */
  public static DatabaseStatus untouched(String database) {
    return new DatabaseStatus(database, null, true, null, null, 0, null);
  }

  /** The current update in a list of its own, empty if there is none. */
  public List<CurrentUpdate> currentUpdates() {
    return current == null ? List.of() : List.of(current);
  }
}
