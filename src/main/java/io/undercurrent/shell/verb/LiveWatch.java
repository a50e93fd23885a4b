package io.undercurrent.shell.verb;

import io.undercurrent.shell.language.CommandFailure;
import io.undercurrent.shell.screen.FullScreen;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Stopwatch;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.shell.view.EndText;
import io.undercurrent.shell.view.StatusPoller;
import io.undercurrent.shell.view.WatchPage;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jline.terminal.Terminal;

/** The live view of {@code watch}: redraws the page every second and obeys its keys. */
final class LiveWatch {

  private static final Duration BETWEEN_PAGES = Duration.ofSeconds(1);
  private static final Duration NOTE_STAYS = Duration.ofSeconds(30);

  private final Backend backend;
  private final List<String> databases;
  private final Screen screen;
  private final Times times;
  private final Clock clock;
  private volatile Note note = new Note("", new Stopwatch());

  LiveWatch(Backend backend, List<String> databases, Screen screen, Times times, Clock clock) {
    this.backend = backend;
    this.databases = databases;
    this.screen = screen;
    this.times = times;
    this.clock = clock;
  }

  /** Returns when the operator leaves or there is no reason to go on. */
  void show(Terminal terminal, BooleanSupplier goOn) throws InterruptedException {
    try (var gauges = new StatusPoller(backend, databases);
        var full = new FullScreen(terminal)) {
      gauges.awaitFirst();
      var leaving = false;
      while (!leaving && goOn.getAsBoolean()) {
        full.draw(
            size ->
                new WatchPage(screen, size.getColumns(), size.getRows(), times.sentences())
                    .lines(
                        gauges.read(),
                        name -> gauges.lastEnded(name).map(run -> EndText.last(run, times)),
                        times.local(clock.instant()),
                        note()));
        leaving = keys(full);
      }
    }
  }

  /** Obeys keys until it is time for the next page, or one asks for it. */
  private boolean keys(FullScreen full) throws InterruptedException {
    var key = full.key(BETWEEN_PAGES);
    if (key.isEmpty()) {
      return false;
    }
    switch (key.get()) {
      case 'q', 'Q' -> {
        return true;
      }
      case 'p', 'P' -> wish("Pausing ...", ObservedWishes::pauseAll);
      case 'r', 'R' -> wish("Resuming ...", ObservedWishes::resumeAll);
      default -> {}
    }
    return false;
  }

  /** Does it on another thread, since the view goes on. */
  private void wish(String meanwhile, Wish wish) {
    tell(meanwhile);
    var wishes = new ObservedWishes(backend, Screen.silent(), times, clock);
    for (var database : databases) {
      CompletableFuture.runAsync(() -> fulfil(wish, wishes, database));
    }
  }

  private void fulfil(Wish wish, ObservedWishes wishes, String database) {
    try {
      tell(wish.fulfil(wishes, database));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      tell(CommandFailure.of(e).message());
    }
  }

  private void tell(String text) {
    note = new Note(text, new Stopwatch());
  }

  private String note() {
    return note.age().elapsed().compareTo(NOTE_STAYS) < 0 ? note.text() : "";
  }

  private record Note(String text, Stopwatch age) {}

  @FunctionalInterface
  private interface Wish {

    String fulfil(ObservedWishes wishes, String database) throws InterruptedException;
  }
}
