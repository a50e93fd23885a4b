package io.undercurrent.admin.page;

import io.undercurrent.admin.http.BoundedQueries;
import io.undercurrent.admin.http.SharedLook;
import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.status.DatabaseStatus;
import io.undercurrent.status.WorkerView;
import java.time.Duration;
import java.util.List;

/** What all databases are doing, also those that do not answer. */
final class PageStatuses {

  /** Half of what the page waits between two looks. */
  private static final Duration MOMENT = Duration.ofSeconds(1);

  /** How far an update is takes longer to find out than that it runs. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final BackgroundUpdates updates;
  private final BoundedQueries questions;
  private final SharedLook<List<Seen>> look = new SharedLook<>(MOMENT, this::look);

  PageStatuses(BackgroundUpdates updates, BoundedQueries questions) {
    this.updates = updates;
    this.questions = questions;
  }

  List<Seen> now() {
    return look.now();
  }

  void forget() {
    look.forget();
  }

  private List<Seen> look() {
    var answers =
        questions.askAll(PATIENCE, name -> new Seen(updates.status(name), updates.workers(name)));
    return updates.databases().stream()
        .map(name -> answers.getOrDefault(name, Seen.unanswered(name)))
        .toList();
  }

  /**
   * What was seen of a database.
   *
   * @param status what its queue does, or what is wrong
   * @param workers the processes that work on slices
   */
  record Seen(DatabaseStatus status, List<WorkerView> workers) {

    static Seen unanswered(String database) {
      var problem =
          "Database '%s' has not answered within %d s".formatted(database, PATIENCE.toSeconds());
      return new Seen(DatabaseStatus.unreachable(database, problem), List.of());
    }
  }
}
