package io.undercurrent.shell.view;

import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Table;
import io.undercurrent.shell.screen.Tint;
import io.undercurrent.status.Lane;
import io.undercurrent.status.RunView;
import io.undercurrent.status.Slice;
import io.undercurrent.status.Slice.State;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The slices of a run that was cut; of many, only those that are neither done nor waiting. */
public final class SlicesTable {

  private static final int MOST = 9;
  private static final Set<State> UNDER_WAY =
      EnumSet.complementOf(EnumSet.of(State.DONE, State.WAITING));

  private SlicesTable() {}

  /** How many are in which state: {@code 7 of 16 done, 4 at work, 5 waiting}. */
  public static String summary(RunView run) {
    return Stream.concat(
            Stream.of("%d of %d done".formatted(run.count(State.DONE), run.slices().size())),
            counts(run, EnumSet.complementOf(EnumSet.of(State.DONE))))
        .collect(Collectors.joining(", "));
  }

  private static Stream<String> counts(RunView run, Set<State> states) {
    return states.stream()
        .filter(state -> run.count(state) > 0)
        .map(state -> "%d %s".formatted(run.count(state), state.words()));
  }

  public static void print(RunView run, Screen screen) {
    var slices = run.slices();
    var shown = shown(slices);
    var table =
        new Table(
            Table.number("SLICE"),
            Table.state("STATE"),
            Table.number("DONE"),
            Table.number("PACE"),
            Table.name("AFTER"),
            Table.name("AT"),
            Table.name("UP TO"));
    shown.forEach(lane -> add(table, run, lane));
    screen.out().println();
    if (!shown.isEmpty()) {
      table.print(screen);
    }
    if (shown.size() < slices.size()) {
      screen.out().println(rest(run, shown));
    }
  }

  private static List<Lane> shown(List<Lane> slices) {
    return slices.size() <= MOST
        ? slices
        : slices.stream()
            .filter(lane -> UNDER_WAY.contains(slice(lane).state()))
            .limit(MOST - 1)
            .toList();
  }

  private static Slice slice(Lane lane) {
    return Objects.requireNonNull(lane.slice());
  }

  private static String rest(RunView run, List<Lane> shown) {
    var counts =
        EnumSet.allOf(State.class).stream()
            .map(
                state -> {
                  var more =
                      run.count(state)
                          - shown.stream().filter(lane -> slice(lane).state() == state).count();
                  return more == 0 ? "" : "%d %s".formatted(more, state.words());
                })
            .filter(count -> !count.isEmpty())
            .collect(Collectors.joining(", "));
    return "%s: %s".formatted(shown.isEmpty() ? "Slices" : "The others", counts);
  }

  private static void add(Table table, RunView run, Lane lane) {
    var state = slice(lane).state();
    table.row(
        tint(state),
        String.valueOf(slice(lane).number()),
        state.words(),
        lane.percent() == null ? "" : Numbers.percent(lane.percent()),
        lane.begun() && lane.itemsPerMs() != null ? Numbers.perMs(lane.itemsPerMs()) : "",
        key(run.beginOf(lane), "the beginning"),
        lane.begun() && state != State.DONE ? key(lane.position(), "") : "",
        key(lane.end(), "the end"));
  }

  private static String key(@Nullable List<String> key, String otherwise) {
    if (key == null) {
      return otherwise;
    }
    return key.size() == 1 ? key.get(0) : "(" + String.join(", ", key) + ")";
  }

  private static Tint tint(State state) {
    return switch (state) {
      case FAILED -> Tint.FAILED;
      case HELD, STOPPED -> Tint.HELD;
      case WAITING, AT_WORK, DONE -> Tint.NONE;
    };
  }
}
