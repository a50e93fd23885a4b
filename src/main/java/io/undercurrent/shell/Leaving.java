package io.undercurrent.shell;

import io.undercurrent.shell.language.ExitCode;
import io.undercurrent.shell.language.Session;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.view.Backend;
import org.jline.utils.Signals;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.stereotype.Component;

/**
 * The one way out: the end of a command, {@code quit}, Ctrl-C or SIGTERM close the application
 * context, and that closes what runs at the next iteration boundary.
 */
@Component
final class Leaving implements ApplicationListener<ContextClosedEvent> {

  private final Session session;
  private final Backend backend;
  private final Screen screen;

  Leaving(Session session, Backend backend, Screen screen) {
    this.session = session;
    this.backend = backend;
    this.screen = screen;
  }

  @Override
  public void onApplicationEvent(ContextClosedEvent closed) {
    session.end();
    if (backend.isBusy()) {
      screen.say("Stopping at the next iteration boundary " + (screen.unicode() ? "…" : "..."));
      // A second Ctrl-C means not to wait; the lease then expires by itself.
      Signals.register("INT", () -> Runtime.getRuntime().halt(ExitCode.INTERRUPTED));
    }
  }
}
