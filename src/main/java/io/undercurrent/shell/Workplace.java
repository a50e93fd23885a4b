package io.undercurrent.shell;

import io.undercurrent.shell.language.Failures;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.shell.view.CachedStatus;

/** The console with what goes on in the background: a runner for each database, and looks at it. */
final class Workplace {

  private final Console console;
  private final Screen screen;
  private final Backend backend;
  private final CachedStatus pulse;
  private final BackgroundNews news;
  private final Failures failures;

  Workplace(
      Console console,
      Screen screen,
      Backend backend,
      CachedStatus pulse,
      BackgroundNews news,
      Failures failures) {
    this.news = news;
    this.console = console;
    this.screen = screen;
    this.backend = backend;
    this.pulse = pulse;
    this.failures = failures;
  }

  /** Opens it; returns when the operator leaves. */
  void open() {
    screen.say("Undercurrent. help lists the verbs, demo shows it at work.");
    startRunners();
    pulse.start(console::refresh);
    console.run();
    pulse.close();
    news.close();
  }

  private void startRunners() {
    try {
      backend.databases(null).forEach(backend::startRunner);
      news.start(console::refresh);
    } catch (RuntimeException e) {
      failures.tell("Starting the runners", e);
    }
  }
}
