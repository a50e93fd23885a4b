package io.undercurrent.shell;

import io.undercurrent.history.Run;
import io.undercurrent.history.RunStatus;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Ticker;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.shell.view.EndText;
import io.undercurrent.shell.view.Endings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has ended in the background and no verb has reported, in sentences. A cancelled run is no
 * news: the verb that cancels it reports it.
 */
final class BackgroundNews implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BackgroundNews.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final Backend backend;
  private final Times times;
  private final List<Ticker> tickers = new ArrayList<>();
  private final Queue<Supplier<Stream<String>>> news = new ConcurrentLinkedQueue<>();

  BackgroundNews(Backend backend, Times times) {
    this.backend = backend;
    this.times = times;
  }

  /** Looks at every database once a second from now on, and says when there is something new. */
  void start(Runnable announcement) {
    for (var database : backend.databases(null)) {
      var endings = new Endings(backend, database);
      var ticker = new Ticker("news-" + database);
      tickers.add(ticker);
      ticker.every(
          BETWEEN_LOOKS,
          Duration.ZERO,
          () -> {
            look(endings, database);
            if (!news.isEmpty()) {
              announcement.run();
            }
          });
    }
  }

  void look(Endings endings, String database) {
    try {
      var seen = endings.look();
      seen.ended().stream()
          .filter(run -> run.status() == RunStatus.COMPLETED)
          .forEach(run -> news.add(() -> ended(database, run)));
      seen.failed().forEach(update -> news.add(() -> Stream.of(place(database) + failure(update))));
    } catch (RuntimeException e) {
      log.debug("The queue of {} could not be read", database, e);
    }
  }

  /** What has ended since the last call, unless a verb has reported it meanwhile. */
  List<String> take() {
    var sentences = new ArrayList<String>();
    for (var next = news.poll(); next != null; next = news.poll()) {
      next.get().forEach(sentences::add);
    }
    return sentences;
  }

  private Stream<String> ended(String database, Run run) {
    return backend.reports(database, run)
        ? Stream.of(
                place(database) + EndText.of(run),
                run.warning() == null ? null : "Warning: " + run.warning())
            .filter(Objects::nonNull)
        : Stream.empty();
  }

  private String failure(QueuedUpdate update) {
    var error = String.valueOf(update.lastError());
    return update.givenUp()
        ? "%s: given up after %s: %s. Once the cause is fixed: retry %1$s"
            .formatted(update.name(), Numbers.of(update.failuresInRow(), "failure"), error)
        : "%s: failed: %s. It is tried again; see it with: show %1$s"
            .formatted(update.name(), error);
  }

  /** The database, where there are several. */
  private String place(String database) {
    return backend.databases(null).size() == 1 ? "" : database + ": ";
  }

  @Override
  public void close() {
    tickers.forEach(Ticker::close);
  }
}
