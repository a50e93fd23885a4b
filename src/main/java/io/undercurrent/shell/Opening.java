package io.undercurrent.shell;

import io.undercurrent.database.embedded.EmbeddedServerStarting;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.WaitNotice;
import java.time.Clock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Opens the databases, and says so: the embedded server takes seconds to start. */
@Component
final class Opening {

  private final Screen screen;
  private final Clock clock;
  private volatile @Nullable WaitNotice patience;

  Opening(Screen screen, Clock clock) {
    this.screen = screen;
    this.clock = clock;
  }

  /** Opens them, and says meanwhile what there is to wait for. */
  <T> T watch(Supplier<T> opening) {
    try (var waiting = new WaitNotice(screen, clock, "Opening the databases")) {
      patience = waiting;
      return opening.get();
    } finally {
      patience = null;
    }
  }

  @EventListener
  void on(EmbeddedServerStarting starting) {
    var waiting = patience;
    if (waiting != null) {
      waiting.because(
          starting.created()
              ? "Setting up the embedded PostgreSQL server"
              : "Starting the embedded PostgreSQL server");
    }
  }
}
