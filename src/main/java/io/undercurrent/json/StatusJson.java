package io.undercurrent.json;

import io.undercurrent.lease.RunnerView;
import io.undercurrent.queue.Pause;
import io.undercurrent.state.Blocker;
import io.undercurrent.status.DatabaseStatus;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import io.undercurrent.status.DatabaseStatus.IndexBuildView;
import io.undercurrent.status.JobProgress;
import io.undercurrent.status.WorkerView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The stable form of a status. */
public record StatusJson(
    String database,
    @Nullable String problem,
    boolean enabled,
    @Nullable RunnerJson runner,
    @Nullable CurrentJson current,
    int queued,
    @Nullable String reason,
    List<PauseJson> pauses,
    @Nullable String cause,
    List<WorkerJson> workers) {

  public static StatusJson of(DatabaseStatus status, List<WorkerView> workers) {
    return new StatusJson(
        status.database(),
        status.problem(),
        status.enabled(),
        status.runner() == null ? null : RunnerJson.of(status.runner()),
        status.current() == null ? null : CurrentJson.of(status.current()),
        status.queued(),
        status.reason(),
        status.pauses().stream().map(PauseJson::of).toList(),
        status.hold().map(hold -> hold.kind().json()).orElse(null),
        workers.stream().map(WorkerJson::of).toList());
  }

  /** The stable form of a pause. */
  private record PauseJson(
      @Nullable String update,
      @Nullable String reason,
      String author,
      Instant pausedAt,
      @Nullable Instant until) {

    static PauseJson of(Pause pause) {
      return new PauseJson(
          pause.update(), pause.reason(), pause.author(), pause.pausedAt(), pause.until());
    }
  }

  /** The stable form of a runner. */
  private record RunnerJson(boolean thisProcess, String owner, Instant since, Instant lastSeen) {

    static RunnerJson of(RunnerView runner) {
      return new RunnerJson(
          runner.thisProcess(), runner.owner(), runner.since(), runner.lastSeen());
    }
  }

  /** The stable form of the current update. */
  private record CurrentJson(
      String update,
      String job,
      long run,
      String state,
      long items,
      long iterations,
      long durationMs,
      @Nullable Double itemsPerMs,
      @Nullable Integer chunkSize,
      @Nullable Long lastIterationMs,
      List<Long> recentIterationsMs,
      @Nullable Double percent,
      @Nullable Double percentAtMost,
      @Nullable Long timeLeftMs,
      @Nullable Long timeLeftAtMostMs,
      @Nullable String basis,
      @Nullable IndexBuildJson indexBuild,
      long walked,
      @Nullable Long matching,
      @Nullable Long changed,
      @Nullable JobProgressJson ofJob,
      List<Map<String, @Nullable Object>> lanes,
      long quarantined,
      int lanesWanted,
      List<Map<String, @Nullable Object>> slices,
      @Nullable Long timeLeftWithHoldsMs,
      @Nullable Long timeLeftWithHoldsAtMostMs) {

    static CurrentJson of(CurrentUpdate current) {
      var progress = current.progress();
      return new CurrentJson(
          current.name(),
          current.job(),
          current.run(),
          current.state().json(),
          current.items(),
          current.iterations(),
          current.duration().toMillis(),
          current.itemsPerMs(),
          current.chunkSize(),
          millis(current.lastIteration()),
          current.recentIterations().stream().map(Duration::toMillis).toList(),
          progress == null ? null : progress.percent(),
          progress == null ? null : progress.percentAtMost(),
          progress == null ? null : millis(progress.timeLeft()),
          progress == null ? null : millis(progress.timeLeftAtMost()),
          progress == null ? null : progress.basis(),
          current.indexBuild() == null ? null : IndexBuildJson.of(current.indexBuild()),
          current.counts().walked(),
          current.counts().matching(),
          current.counts().changed(),
          current.ofJob() == null ? null : JobProgressJson.of(current.ofJob()),
          current.work().workers().stream().map(LaneFigure::json).toList(),
          current.work().quarantined(),
          current.work().wanted(),
          SliceJson.briefly(current.work()),
          progress == null ? null : millis(progress.timeLeftWithHolds()),
          progress == null ? null : millis(progress.timeLeftWithHoldsAtMost()));
    }

    private static @Nullable Long millis(@Nullable Duration duration) {
      return duration == null ? null : duration.toMillis();
    }
  }

  /** The stable form of how far a job is. */
  private record JobProgressJson(long update, long of, @Nullable Long timeLeftMs) {

    static JobProgressJson of(JobProgress job) {
      return new JobProgressJson(
          job.number(), job.of(), job.timeLeft() == null ? null : job.timeLeft().toMillis());
    }
  }

  /** The stable form of an index build. */
  private record IndexBuildJson(
      @Nullable String index,
      @Nullable Integer partition,
      @Nullable Integer partitions,
      int pid,
      String phase,
      @Nullable String done,
      @Nullable Double phasePercent,
      @Nullable BlockerJson waitsFor) {

    static IndexBuildJson of(IndexBuildView build) {
      return new IndexBuildJson(
          build.index(),
          build.partition(),
          build.partitions(),
          build.pid(),
          build.phase(),
          build.done(),
          build.percent(),
          build.waitsFor() == null ? null : BlockerJson.of(build.waitsFor()));
    }
  }

  /** The stable form of a session that is waited for. */
  private record BlockerJson(
      int pid,
      @Nullable String user,
      @Nullable String application,
      @Nullable String state,
      @Nullable Instant since,
      @Nullable String query) {

    static BlockerJson of(Blocker blocker) {
      return new BlockerJson(
          blocker.pid(),
          blocker.user(),
          blocker.application(),
          blocker.state(),
          blocker.since(),
          blocker.query());
    }
  }
}
