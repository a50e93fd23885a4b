package io.undercurrent.shell;

import io.undercurrent.shell.language.CommandLine;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Screens;
import io.undercurrent.shell.screen.WaitNotice;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.boot.context.event.SpringApplicationEvent;
import org.springframework.context.ApplicationListener;

/** Says at a terminal that Undercurrent starts, once that takes longer than a second. */
public final class StartNotice implements ApplicationListener<SpringApplicationEvent> {

  private final Screen screen;
  private @Nullable WaitNotice notice;

  /** Silent for serve, whose log says what is going on. */
  public StartNotice(CommandLine commandLine) {
    this(commandLine.serves() ? Screen.silent() : Screens.ofProcess());
  }

  StartNotice(Screen screen) {
    this.screen = screen;
  }

  @Override
  public void onApplicationEvent(SpringApplicationEvent event) {
    if (event instanceof ApplicationStartingEvent && screen.live()) {
      var clock = Clock.systemUTC();
      var began = ProcessHandle.current().info().startInstant().orElseGet(clock::instant);
      notice = new WaitNotice(screen, clock, "Starting Undercurrent", began);
    } else if (notice != null && isEnd(event)) {
      notice.close();
      notice = null;
    }
  }

  private static boolean isEnd(SpringApplicationEvent event) {
    return event instanceof ApplicationStartedEvent || event instanceof ApplicationFailedEvent;
  }
}
