package io.undercurrent.status;

import io.undercurrent.lease.RunnerView;
import io.undercurrent.queue.Pause;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.state.Blocker;
import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.state.HoldSentences;
import io.undercurrent.state.UpdateState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one database's queue is doing, as of one moment; every surface shows this record.
 *
 * @param database the database's name
 * @param problem why the database cannot be asked, or null; the rest is empty then
 * @param enabled whether updates may run; false also while a pause of all holds
 * @param runner the process that runs the updates, or null
 * @param current the update that runs, was run last and is still queued, or is about to begin; null
 *     while nothing that has begun is queued and nothing can begin
 * @param updates all that is queued, in queue order
 * @param pauses those in force, the one of all first
 * @param holds what holds all updates
 */
public record DatabaseStatus(
    String database,
    @Nullable String problem,
    boolean enabled,
    @Nullable RunnerView runner,
    @Nullable CurrentUpdate current,
    List<UpdateView> updates,
    List<Pause> pauses,
    List<Hold> holds) {

  private static final Kind[] SAYING_WHY_NO_RUNNER_WORKS = {
    Kind.UNREACHABLE, Kind.READ_ONLY, Kind.RUNNER_FAILS
  };

  private static final Kind[] MENDABLE = {
    Kind.UNDEFINED,
    Kind.BROKEN_FILE,
    Kind.DEFINITION_CHANGED,
    Kind.CYCLE,
    Kind.GIVEN_UP,
    Kind.OPERATOR
  };

  /**
   * A queued update.
   *
   * @param queued its row of the queue
   * @param state what it does
   * @param holds what holds it, or its sign of life
   * @param quarantined how many rows of its run are in quarantine
   */
  public record UpdateView(
      QueuedUpdate queued, UpdateState state, List<Hold> holds, long quarantined) {

    /** Whether it runs, or a little time alone lets it run: a back-off ends. */
    boolean moves() {
      return switch (state) {
        case RUNNING, WAITING, DISABLED, BACKING_OFF -> true;
        case HELD -> holds.stream().noneMatch(hold -> hold.is(Kind.WINDOW));
        case UNDEFINED,
            DEFINITION_CHANGED,
            CYCLE,
            GIVEN_UP,
            PAUSED,
            DEPENDENCY,
            READY,
            COMPLETED,
            CANCELLED ->
            false;
      };
    }
  }

  /**
   * A queued update with its figures.
   *
   * @param queued its row of the queue
   * @param state what it does
   * @param work what its run has done
   * @param progress how far it is, or null where nothing can be said
   * @param indexBuild the index that it builds at this moment, or null
   * @param ofJob how far its job is, or null where it is the only update
   * @param kind of which kind it is, for people; null if no job file defines it any more
   */
  public record CurrentUpdate(
      QueuedUpdate queued,
      UpdateState state,
      RunView work,
      @Nullable ProgressView progress,
      @Nullable IndexBuildView indexBuild,
      @Nullable JobProgress ofJob,
      @Nullable String kind) {

    public String name() {
      return queued.name();
    }

    /** The job that it was queued by. */
    public String job() {
      return queued.job();
    }

    /** Its run's number. */
    public long run() {
      return queued.run();
    }

    /** What its pace counts, so far in this run: walked keys, or their weights. */
    public long items() {
      return work.items();
    }

    /** How many iterations that took. */
    public long iterations() {
      return work.iterations();
    }

    /** The time these iterations took, without the controller's sleep. */
    public Duration duration() {
      return work.duration();
    }

    /** The moving average, or null while nothing was counted. */
    public @Nullable Double itemsPerMs() {
      return work.itemsPerMs();
    }

    /** The size of the last chunk, or null before the first. */
    public @Nullable Integer chunkSize() {
      return work.lane().map(Lane::chunkSize).orElse(null);
    }

    /** How long the last iteration took, or null before the first. */
    public @Nullable Duration lastIteration() {
      return work.lane().map(Lane::lastIteration).orElse(null);
    }

    /** How long the last iterations took, at most 20, the latest last. */
    public List<Duration> recentIterations() {
      return work.lane().map(Lane::recentIterations).orElse(List.of());
    }

    /** What came of the keys that it walked. */
    public CountsView counts() {
      return work.counts();
    }
  }

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
   * @param timeLeftWithHolds the same as {@code timeLeft} if it is held, paused and interrupted as
   *     often as so far, or null
   * @param timeLeftWithHoldsAtMost what it takes at most then, or null
   */
  public record ProgressView(
      double percent,
      double percentAtMost,
      @Nullable Duration timeLeft,
      @Nullable Duration timeLeftAtMost,
      String basis,
      @Nullable Duration timeLeftWithHolds,
      @Nullable Duration timeLeftWithHoldsAtMost) {

    /** Figures of a run of which nobody has counted what held it. */
    public ProgressView(
        double percent,
        double percentAtMost,
        @Nullable Duration timeLeft,
        @Nullable Duration timeLeftAtMost,
        String basis) {
      this(percent, percentAtMost, timeLeft, timeLeftAtMost, basis, null, null);
    }

    /** Figures that are no range. */
    public ProgressView(double percent, @Nullable Duration timeLeft, String basis) {
      this(percent, percent, timeLeft, timeLeft, basis);
    }

    ProgressView with(@Nullable Spent spent) {
      return spent == null || spent.stretch() == 0
          ? this
          : new ProgressView(
              percent,
              percentAtMost,
              timeLeft,
              timeLeftAtMost,
              basis,
              times(timeLeft, spent.stretch()),
              times(timeLeftAtMost, spent.stretch()));
    }

    private static @Nullable Duration times(@Nullable Duration duration, double factor) {
      return duration == null ? null : Duration.ofMillis((long) (duration.toMillis() * factor));
    }
  }

  /**
   * An index build under way, or another statement outside of all transactions.
   *
   * @param index the index's name; null if no job file names it any more, and for other statements
   * @param partition which partition's it is, of a partitioned table; null otherwise
   * @param partitions how many there are, or null
   * @param pid the server process that is at it
   * @param ofIndex whether it builds an index
   * @param phase what it does, in PostgreSQL's words: {@code building index: scanning table}; else
   *     the statement
   * @param done how much of the phase is done: {@code 120 of 4,000 blocks}, or null
   * @param percent the same in percent of the phase, or null
   * @param waitsFor the session whose transaction it waits for, or null
   */
  public record IndexBuildView(
      @Nullable String index,
      @Nullable Integer partition,
      @Nullable Integer partitions,
      int pid,
      boolean ofIndex,
      String phase,
      @Nullable String done,
      @Nullable Double percent,
      @Nullable Blocker waitsFor) {

    /** The phase, for people, with the partition. */
    public String words() {
      return partition == null
          ? phase
          : "partition %d of %d: %s".formatted(partition, partitions, phase);
    }
  }

  /** Of a database that cannot be asked. */
  public static DatabaseStatus unreachable(String database, String problem) {
    return new DatabaseStatus(
        database,
        problem,
        false,
        null,
        null,
        List.of(),
        List.of(),
        List.of(Hold.of(Kind.UNREACHABLE).what(problem)));
  }

  /** A database that has nothing of Undercurrent's yet: nothing was ever started there. */
  public static DatabaseStatus untouched(String database) {
    return new DatabaseStatus(
        database, null, true, null, null, List.of(), List.of(), List.of(Hold.of(Kind.EMPTY)));
  }

  /** The same with what keeps this process's runner from its work, unless that is said. */
  public DatabaseStatus with(String trouble) {
    if (holds.stream().anyMatch(hold -> hold.is(SAYING_WHY_NO_RUNNER_WORKS))) {
      return this;
    }
    var all = new ArrayList<>(List.of(Hold.of(Kind.RUNNER_FAILS).what(trouble)));
    all.addAll(holds);
    return new DatabaseStatus(
        database, null, enabled, runner, current, updates, pauses, List.copyOf(all));
  }

  /** The same where a runner is about to begin, so that none is missing. */
  public DatabaseStatus aboutToRun() {
    var rest = holds.stream().filter(hold -> !hold.is(Kind.NO_RUNNER)).toList();
    return new DatabaseStatus(database, problem, enabled, runner, current, updates, pauses, rest);
  }

  /** How many updates wait or run. */
  public int queued() {
    return updates.size();
  }

  /** An update, if it is queued. */
  public Optional<UpdateView> queued(@Nullable String update) {
    return updates.stream().filter(view -> view.queued().name().equals(update)).findFirst();
  }

  /** The current update in a list of its own, empty if there is none. */
  public List<CurrentUpdate> currentUpdates() {
    return current == null ? List.of() : List.of(current);
  }

  /** Why nothing moves; nothing if something does, or is about to, or nothing is queued. */
  public Optional<Hold> hold() {
    return new Reasons(this).first();
  }

  /** The same in a sentence with times in UTC, for programs; null if there is none. */
  public @Nullable String reason() {
    return reason(HoldSentences.UTC);
  }

  /** The same with times in another zone. */
  public @Nullable String reason(HoldSentences sentences) {
    return hold().map(hold -> sentences.named(database, hold)).orElse(null);
  }

  /** Why the whole queue does not move, or that it does. */
  public Explanation why() {
    return new Reasons(this).ofQueue();
  }

  /** Why one that is queued does not move, with those that it waits for. */
  public Explanation why(String update) {
    return new Reasons(this).of(update);
  }

  /**
   * What no runner will take until somebody does something: undefined, in a circle, given up, ready
   * for what an operator has to say, or waiting for such an update.
   */
  public List<UpdateView> stuck() {
    return updates.stream().filter(this::isStuck).toList();
  }

  private boolean isStuck(UpdateView view) {
    return view.holds().stream().anyMatch(hold -> hold.is(MENDABLE))
        || queued(view.queued().dependsOn()).filter(this::isStuck).isPresent();
  }

  /**
   * Whether nothing is left that could run: the rest is given up, paused, ready or waits for such
   * an update, or updates are disabled. A switch means nothing without a runner: the next one to
   * start turns it on.
   */
  public boolean isIdle() {
    return (runner != null && isSwitchedOff()) || updates.stream().noneMatch(UpdateView::moves);
  }

  private boolean isSwitchedOff() {
    return holds.stream().anyMatch(hold -> hold.is(Kind.DISABLED));
  }
}
