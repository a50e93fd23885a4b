package io.undercurrent.shell.view;

import io.undercurrent.json.LaneFigure;
import io.undercurrent.json.ReasonJson;
import io.undercurrent.json.SliceJson;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import io.undercurrent.status.DatabaseStatus.ProgressView;
import io.undercurrent.status.UpdateDetail;
import io.undercurrent.status.UpdateDetail.ChunkView;
import io.undercurrent.status.UpdateDetail.Expansion;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The stable form of everything about an update. */
public record DetailJson(
    String database,
    String update,
    @Nullable String state,
    @Nullable Map<String, @Nullable Object> definition,
    @Nullable RunJson lastRun,
    @Nullable Map<String, String> position,
    @Nullable Map<String, String> end,
    @Nullable WorkJson work,
    @Nullable ChunkJson chunk,
    @Nullable ProgressJson progress,
    @Nullable ErrorJson lastError,
    List<ReasonJson> reasons,
    @Nullable List<Map<String, @Nullable Object>> lanes,
    @Nullable Map<String, @Nullable Object> expansion,
    @Nullable Instant nextAt,
    @Nullable Integer lanesWanted,
    @Nullable List<Map<String, @Nullable Object>> slices,
    @Nullable Map<String, Long> timesMs) {

  public static DetailJson of(String database, UpdateDetail detail) {
    var lastRun = detail.lastRun();
    var progress = detail.progress();
    return new DetailJson(
        database,
        detail.name(),
        progress == null ? null : progress.state().json(),
        detail.defined() == null ? null : DefinitionJson.of(detail.defined(), detail.timeouts()),
        lastRun == null ? null : RunJson.of(lastRun),
        detail.position() == null ? null : KeyNames.of(detail, detail.position()),
        detail.end() == null ? null : KeyNames.of(detail, detail.end()),
        progress == null ? null : WorkJson.of(progress),
        ChunkJson.of(detail.chunk()),
        progress == null ? null : ProgressJson.of(progress.progress()),
        ErrorJson.of(detail.queued()),
        ReasonJson.all(database, detail.reasons()),
        progress == null ? null : progress.work().workers().stream().map(LaneFigure::json).toList(),
        expansion(detail.expansion()),
        detail.dueAt(),
        progress == null ? null : progress.work().wanted(),
        progress == null ? null : SliceJson.all(progress.work(), key -> KeyNames.of(detail, key)),
        RunJson.millis(detail.times()));
  }

  private static @Nullable Map<String, @Nullable Object> expansion(@Nullable Expansion expansion) {
    if (expansion == null) {
      return null;
    }
    var fields = new LinkedHashMap<String, @Nullable Object>();
    var work = expansion.work();
    if (work != null) {
      fields.put("kind", work.kind());
      fields.putAll(work.fields());
    }
    fields.put("problem", expansion.problem());
    return fields;
  }

  private static @Nullable Long millis(@Nullable Duration duration) {
    return duration == null ? null : duration.toMillis();
  }

  /** What was counted. */
  private record WorkJson(
      long items,
      long iterations,
      long durationMs,
      @Nullable Double itemsPerMs,
      @Nullable Long lastIterationMs,
      long walked,
      @Nullable Long matching,
      @Nullable Long changed,
      long quarantined) {

    public static WorkJson of(CurrentUpdate current) {
      return new WorkJson(
          current.items(),
          current.iterations(),
          current.duration().toMillis(),
          current.itemsPerMs(),
          millis(current.lastIteration()),
          current.counts().walked(),
          current.counts().matching(),
          current.counts().changed(),
          current.work().quarantined());
    }
  }

  /** What the last chunk was allowed. */
  private record ChunkJson(int size, String rule, String reason) {

    public static @Nullable ChunkJson of(@Nullable ChunkView chunk) {
      return chunk == null ? null : new ChunkJson(chunk.size(), chunk.rule(), chunk.reason());
    }
  }

  /** How far it is, as a range. */
  private record ProgressJson(
      double percent,
      double percentAtMost,
      @Nullable Long timeLeftMs,
      @Nullable Long timeLeftAtMostMs,
      String basis,
      @Nullable Long timeLeftWithHoldsMs,
      @Nullable Long timeLeftWithHoldsAtMostMs) {

    public static @Nullable ProgressJson of(@Nullable ProgressView progress) {
      return progress == null
          ? null
          : new ProgressJson(
              progress.percent(),
              progress.percentAtMost(),
              millis(progress.timeLeft()),
              millis(progress.timeLeftAtMost()),
              progress.basis(),
              millis(progress.timeLeftWithHolds()),
              millis(progress.timeLeftWithHoldsAtMost()));
    }
  }

  /** The last failure of the run that is queued. */
  private record ErrorJson(
      String error,
      @Nullable String sqlstate,
      @Nullable Instant at,
      int failuresInRow,
      @Nullable Instant retryAt,
      @Nullable Instant givenUpAt) {

    public static @Nullable ErrorJson of(@Nullable QueuedUpdate queued) {
      return queued == null || queued.lastError() == null
          ? null
          : new ErrorJson(
              queued.lastError(),
              queued.lastErrorSqlState(),
              queued.lastErrorAt(),
              queued.failuresInRow(),
              queued.retryAt(),
              queued.givenUpAt());
    }
  }
}
