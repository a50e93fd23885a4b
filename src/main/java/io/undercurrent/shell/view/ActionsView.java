package io.undercurrent.shell.view;

import io.undercurrent.history.Action;
import io.undercurrent.history.Filter;
import io.undercurrent.history.History;
import io.undercurrent.queue.Pause;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Table;
import io.undercurrent.shell.screen.Times;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who changed what, as {@code history --actions} shows it. */
public final class ActionsView {

  private final Screen screen;
  private final Times times;

  public ActionsView(Screen screen, Times times) {
    this.screen = screen;
    this.times = times;
  }

  public void show(History history, Filter filter, String database, boolean json) {
    var actions = history.actions(filter);
    if (json) {
      JsonOutput.print(screen, actions.stream().map(ActionJson::of).toList());
    } else if (actions.isEmpty()) {
      screen.say(nothing(filter).formatted(database));
    } else {
      list(actions);
      screen.out().flush();
      Newest.say(screen, actions.size(), filter.limit(), () -> history.countActions(filter));
    }
  }

  private static String nothing(Filter filter) {
    return filter.update() == null && filter.since() == null
        ? "Nothing has been changed on %s yet."
        : "No such change was found on %s.";
  }

  private void list(List<Action> actions) {
    var table =
        new Table(
            Table.text(times.column("WHEN", actions.stream().map(Action::at))),
            Table.text("WHO"),
            Table.text("FROM"),
            Table.name("WHAT"),
            Table.prose("CHANGE"));
    for (var action : actions) {
      table.row(
          times.brief(action.at()),
          action.operator(),
          action.address(),
          action.action() + (action.subject() == null ? "" : " " + action.subject()),
          change(action, times));
    }
    table.print(screen);
  }

  /** What was changed, and why, with times as the operator reads them. */
  public static String change(Action action, Times times) {
    var change =
        Stream.of(action.before(), action.after())
            .filter(Objects::nonNull)
            .map(state -> localized(state, times))
            .collect(Collectors.joining(" to "));
    return action.reason() == null ? change : change + ": " + action.reason();
  }

  private static String localized(String state, Times times) {
    return Pause.recordedUntil(state)
        .map(until -> "paused until " + times.local(until))
        .orElse(state);
  }

  /** The stable form of an action. */
  private record ActionJson(
      Instant at,
      String operator,
      String cameBy,
      String address,
      String action,
      @Nullable String subject,
      @Nullable String before,
      @Nullable String after,
      @Nullable String reason) {

    static ActionJson of(Action action) {
      return new ActionJson(
          action.at(),
          action.operator(),
          action.cameBy(),
          action.address(),
          action.action(),
          action.subject(),
          action.before(),
          action.after(),
          action.reason());
    }
  }
}
