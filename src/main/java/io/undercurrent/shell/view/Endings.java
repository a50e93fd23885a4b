package io.undercurrent.shell.view;

import static java.util.Comparator.naturalOrder;

import io.undercurrent.history.Run;
import io.undercurrent.queue.QueuedUpdate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What has ended on one database from one look at its queue to the next. */
public final class Endings {

  private final Backend backend;
  private final String database;
  private @Nullable Map<String, QueuedUpdate> before;

  public Endings(Backend backend, String database) {
    this.backend = backend;
    this.database = database;
  }

  /** Looks at the queue; the first look finds that nothing has ended. */
  public Seen look() {
    var now =
        backend.updates().queue(database).stream()
            .collect(Collectors.toMap(QueuedUpdate::name, Function.identity()));
    var known = before == null ? now : before;
    var left = known.values().stream().filter(update -> same(update, now).isEmpty());
    var ended =
        left.flatMap(update -> run(update).stream())
            .sorted(Comparator.comparing(Run::endedAt, Comparator.nullsLast(naturalOrder())))
            .toList();
    var failed = now.values().stream().filter(update -> failsAnew(update, known)).toList();
    before = now;
    return new Seen(ended, failed);
  }

  private Optional<Run> run(QueuedUpdate update) {
    return backend.history(database).run(update.name(), update.run());
  }

  private static boolean failsAnew(QueuedUpdate update, Map<String, QueuedUpdate> known) {
    var earlier = same(update, known);
    return update.givenUp()
        ? earlier.filter(QueuedUpdate::givenUp).isEmpty()
        : update.failuresInRow() > 0 && earlier.filter(was -> was.failuresInRow() > 0).isEmpty();
  }

  /** The same run of an update at another time. */
  private static Optional<QueuedUpdate> same(QueuedUpdate update, Map<String, QueuedUpdate> queue) {
    return Optional.ofNullable(queue.get(update.name()))
        .filter(other -> other.run() == update.run());
  }

  /**
   * What one look has found.
   *
   * @param ended the runs that have left the queue, in the order in which they did
   * @param failed the updates that have failed for the first time in a row, or were given up
   */
  public record Seen(List<Run> ended, List<QueuedUpdate> failed) {}
}
