package io.undercurrent.shell.view;

import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.job.Work;
import io.undercurrent.job.Work.CreateIndex;
import io.undercurrent.job.Work.IndexColumn;
import io.undercurrent.job.Work.IndexParts;
import io.undercurrent.job.Work.Read;
import io.undercurrent.job.Work.ReadWrite;
import io.undercurrent.job.Work.Sql;
import io.undercurrent.job.Work.Write;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import io.undercurrent.status.DatabaseStatus.ProgressView;
import io.undercurrent.status.UpdateDetail;
import io.undercurrent.status.UpdateDetail.ChunkView;
import io.undercurrent.status.UpdateDetail.TimeoutsView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The stable form of everything about an update. */
public record DetailJson(
    String database,
    String update,
    @Nullable String state,
    @Nullable DefinitionJson definition,
    @Nullable RunJson lastRun,
    @Nullable Map<String, String> position,
    @Nullable Map<String, String> end,
    @Nullable WorkJson work,
    @Nullable ChunkJson chunk,
    @Nullable ProgressJson progress,
    @Nullable ErrorJson lastError,
    List<ReasonJson> reasons) {

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
        ReasonJson.all(database, detail.reasons()));
  }

  private static @Nullable Long millis(@Nullable Duration duration) {
    return duration == null ? null : duration.toMillis();
  }

  /** What the job file says, the defaults filled in; a timeout of 0 is none. */
  private record DefinitionJson(
      String job,
      String source,
      int line,
      String kind,
      @Nullable String table,
      @Nullable IndexJson index,
      @Nullable List<String> key,
      @Nullable String where,
      @Nullable String readSql,
      @Nullable String processBean,
      @Nullable String writeBean,
      List<String> statements,
      @Nullable String dependsOn,
      int ordering,
      @Nullable Long lockTimeoutMs,
      @Nullable Long statementTimeoutMs,
      @Nullable String changedPerItem) {

    public static DefinitionJson of(DefinedUpdate defined, @Nullable TimeoutsView timeouts) {
      var definition = defined.definition();
      var work = definition.work() instanceof ReadWrite readWrite ? readWrite : null;
      var read = work == null ? null : work.read();
      var table = read instanceof Read.Table walked ? walked : null;
      return new DefinitionJson(
          defined.job().name(),
          defined.job().source(),
          definition.line(),
          kind(definition.work()),
          table == null ? null : table.table(),
          definition.work() instanceof CreateIndex built ? IndexJson.of(built) : null,
          read == null ? null : read.key(),
          table == null || table.where() == null ? null : table.where().text(),
          read instanceof Read.Query query ? query.sql().text() : null,
          work == null ? null : work.process(),
          work != null && work.write() instanceof Write.Bean bean ? bean.name() : null,
          statements(definition.work()),
          definition.dependsOn(),
          definition.ordering(),
          timeouts == null ? null : millis(timeouts.lock()),
          timeouts == null ? null : millis(timeouts.statement()),
          work == null || work.expect() == null ? null : work.expect().range());
    }

    private static String kind(Work work) {
      if (work instanceof ReadWrite) {
        return "read-write";
      }
      return work instanceof Work.Run ? "run" : "create-index";
    }

    private static List<String> statements(Work work) {
      List<Sql> statements = List.of();
      if (work instanceof Work.Run run) {
        statements = run.statements();
      } else if (work instanceof ReadWrite chunks
          && chunks.write() instanceof Write.Statements write) {
        statements = write.statements();
      }
      return statements.stream().map(Sql::text).toList();
    }
  }

  /** The index that a one-shot builds. */
  private record IndexJson(
      String table,
      String name,
      @Nullable List<String> columns,
      @Nullable String expression,
      @Nullable String where,
      boolean unique,
      @Nullable String using,
      List<String> include,
      @Nullable String replaces) {

    public static IndexJson of(CreateIndex index) {
      return new IndexJson(
          index.table(),
          index.name(),
          index.parts() instanceof IndexParts.Columns columns
              ? columns.columns().stream().map(IndexColumn::name).toList()
              : null,
          index.parts() instanceof IndexParts.Expression part ? part.sql().text() : null,
          index.where() == null ? null : index.where().text(),
          index.unique(),
          index.using(),
          index.include(),
          index.replaces());
    }
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
      @Nullable Long changed) {

    public static WorkJson of(CurrentUpdate current) {
      return new WorkJson(
          current.items(),
          current.iterations(),
          current.duration().toMillis(),
          current.itemsPerMs(),
          millis(current.lastIteration()),
          current.counts().walked(),
          current.counts().matching(),
          current.counts().changed());
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
      String basis) {

    public static @Nullable ProgressJson of(@Nullable ProgressView progress) {
      return progress == null
          ? null
          : new ProgressJson(
              progress.percent(),
              progress.percentAtMost(),
              millis(progress.timeLeft()),
              millis(progress.timeLeftAtMost()),
              progress.basis());
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
