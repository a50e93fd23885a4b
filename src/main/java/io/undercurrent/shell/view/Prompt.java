package io.undercurrent.shell.view;

import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.state.UpdateState;
import io.undercurrent.status.DatabaseStatus;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import java.util.Optional;
import java.util.function.Supplier;
import org.jline.utils.AttributedString;
import org.springframework.shell.jline.PromptProvider;

/** The prompt: which database is the main one, and what it does. */
public final class Prompt implements PromptProvider {

  private static final int SHORTEST_NAME = 8;

  private final Supplier<Optional<DatabaseStatus>> status;
  private final Screen screen;

  public Prompt(Supplier<Optional<DatabaseStatus>> status, Screen screen) {
    this.status = status;
    this.screen = screen;
  }

  @Override
  public AttributedString getPrompt() {
    return new AttributedString(text());
  }

  private String text() {
    var seen = status.get();
    if (seen.isEmpty()) {
      return "undercurrent > ";
    }
    var lead = "undercurrent " + seen.get().database();
    return lead + state(seen.get(), screen.width() * 3 / 4 - lead.length()) + " > ";
  }

  private String state(DatabaseStatus seen, int room) {
    if (seen.problem() != null) {
      return " " + symbol("✗", "down");
    }
    if (seen.current() == null) {
      return seen.enabled() ? "" : " " + symbol("⏸", "paused");
    }
    var sign = " " + sign(seen.enabled(), seen.current()) + " ";
    var percent =
        seen.current().progress() == null
            ? ""
            : " " + Numbers.percent(seen.current().progress().percent());
    var ofJob =
        seen.current().ofJob() == null
            ? ""
            : " (%d/%d)".formatted(seen.current().ofJob().number(), seen.current().ofJob().of());
    var name =
        Math.max(
            SHORTEST_NAME,
            room - sign.length() - percent.length() - ofJob.length() - " > ".length());
    return sign + screen.cut(subject(seen.current()), name) + percent + ofJob;
  }

  /** Who is waited for has to know what to type. */
  private static String subject(CurrentUpdate current) {
    return current.state() == UpdateState.READY
        ? "waits for: " + current.queued().waitsFor()
        : current.name();
  }

  private String sign(boolean enabled, CurrentUpdate current) {
    if (!enabled) {
      return symbol("⏸", "paused");
    }
    return switch (current.state()) {
      case RUNNING -> symbol("▶", "running");
      case HELD -> symbol("◆", "held");
      case PAUSED, DISABLED -> symbol("⏸", "paused");
      case BACKING_OFF, GIVEN_UP, CYCLE, UNDEFINED, DEFINITION_CHANGED -> symbol("✗", "stuck");
      case READY, DEPENDENCY, WAITING, COMPLETED, CANCELLED -> symbol("·", "waiting");
    };
  }

  private String symbol(String unicode, String ascii) {
    return screen.unicode() ? unicode : "[" + ascii + "]";
  }
}
