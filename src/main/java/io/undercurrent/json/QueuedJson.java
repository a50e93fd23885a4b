package io.undercurrent.json;

import io.undercurrent.status.DatabaseStatus.UpdateView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stable form of a queued update. */
public record QueuedJson(
    String update,
    String job,
    long run,
    @Nullable String dependsOn,
    int ordering,
    Instant queuedAt,
    int failuresInRow,
    @Nullable Instant retryAt,
    @Nullable Instant givenUpAt,
    @Nullable String lastError,
    @Nullable String lastErrorSqlstate,
    @Nullable Instant lastErrorAt,
    String state,
    List<ReasonJson> reasons,
    long quarantined) {

  public static QueuedJson of(String database, UpdateView view) {
    var update = view.queued();
    return new QueuedJson(
        update.name(),
        update.job(),
        update.run(),
        update.dependsOn(),
        update.ordering(),
        update.queuedAt(),
        update.failuresInRow(),
        update.retryAt(),
        update.givenUpAt(),
        update.lastError(),
        update.lastErrorSqlState(),
        update.lastErrorAt(),
        view.state().json(),
        ReasonJson.all(database, view.holds()),
        view.quarantined());
  }
}
