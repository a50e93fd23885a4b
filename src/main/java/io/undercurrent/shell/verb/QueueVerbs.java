package io.undercurrent.shell.verb;

import io.undercurrent.database.RefusedException;
import io.undercurrent.json.QueuedJson;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.screen.Confirmation;
import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Table;
import io.undercurrent.shell.screen.Table.Column;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.screen.Tint;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.shell.view.StatusLine;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.state.UpdateState;
import io.undercurrent.status.DatabaseStatus.UpdateView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.annotation.Argument;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code queue}, {@code retry} and {@code cancel}: the updates that wait or run. */
@Component
final class QueueVerbs {

  private final Backend backend;
  private final Screen screen;
  private final Times times;
  private final Confirmation confirmation;
  private final ObservedWishes wishes;

  QueueVerbs(
      Backend backend,
      Screen screen,
      Times times,
      Confirmation confirmation,
      ObservedWishes wishes) {
    this.backend = backend;
    this.screen = screen;
    this.times = times;
    this.confirmation = confirmation;
    this.wishes = wishes;
  }

  @Command(
      name = "queue",
      group = Groups.WATCH,
      description = "The updates that wait or run, in order",
      help =
          """
          Example:
            queue
            queue --json""")
  void queue(
      @Option(longName = "database", description = "the database; the main one without it")
          @Nullable String database,
      @Option(longName = "json", description = "as JSON, for scripts") boolean json) {
    var name = backend.database(database);
    var status = backend.updates().status(name);
    if (status.problem() != null) {
      throw new RefusedException(status.problem());
    }
    if (json) {
      JsonOutput.print(
          screen, status.updates().stream().map(view -> QueuedJson.of(name, view)).toList());
    } else if (status.updates().isEmpty()) {
      screen.say("The queue of %s is empty.%s".formatted(name, next(name)));
    } else {
      show(name, status.updates());
    }
  }

  private String next(String database) {
    return backend.updates().schedules(database).stream()
        .findFirst()
        .map(next -> " Next is %s at %s.".formatted(next.update(), times.local(next.dueAt())))
        .orElse("");
  }

  void show(String database, List<UpdateView> updates) {
    var queuedAt = updates.stream().map(update -> update.queued().queuedAt());
    var columns =
        new ArrayList<>(
            List.of(
                Table.name("UPDATE"),
                Table.state("STATE"),
                Table.text(times.column("QUEUED", queuedAt))));
    var showsQuarantine = updates.stream().anyMatch(update -> update.quarantined() > 0);
    if (showsQuarantine) {
      columns.add(Table.number("QUARANTINE"));
    }
    var table = new Table(columns.toArray(Column[]::new));
    @Nullable String above = null;
    for (var update : inOrderOfRunning(updates)) {
      var queued = update.queued();
      var cells =
          new ArrayList<>(
              List.of(queued.name(), state(update, above), times.brief(queued.queuedAt())));
      if (showsQuarantine) {
        cells.add(Numbers.grouped(update.quarantined()));
      }
      table.row(Tint.of(update.state()), cells.toArray(String[]::new));
      above = queued.name();
    }
    table.print(screen);
    updates.stream()
        .map(UpdateView::queued)
        .filter(update -> update.lastError() != null)
        .forEach(this::showFailure);
    updates.stream()
        .flatMap(update -> update.holds().stream())
        .filter(
            hold -> hold.is(Kind.UNDEFINED, Kind.BROKEN_FILE, Kind.DEFINITION_CHANGED, Kind.WINDOW))
        .map(hold -> times.sentences().named(database, hold))
        .forEach(screen::say);
  }

  private static String state(UpdateView update, @Nullable String above) {
    if (update.state() != UpdateState.DEPENDENCY) {
      return StatusLine.state(update.state());
    }
    var before = String.valueOf(update.queued().dependsOn());
    return before.equals(above) ? "after the one above" : "after " + before;
  }

  /** Each after the one that it waits for; those of a cycle at the end. */
  private static List<UpdateView> inOrderOfRunning(List<UpdateView> updates) {
    var rest = new ArrayList<>(updates);
    var ordered = new ArrayList<UpdateView>();
    while (!rest.isEmpty()) {
      var next =
          rest.stream().filter(update -> !waits(update, rest)).findFirst().orElse(rest.get(0));
      rest.remove(next);
      ordered.add(next);
    }
    return ordered;
  }

  private static boolean waits(UpdateView update, List<UpdateView> updates) {
    return updates.stream()
        .anyMatch(other -> other.queued().name().equals(update.queued().dependsOn()));
  }

  private void showFailure(QueuedUpdate update) {
    screen.out().println();
    var failures =
        "%s, %s in a row"
            .formatted(
                times.local(update.lastErrorAt()), Numbers.of(update.failuresInRow(), "failure"));
    var next =
        update.givenUp()
            ? "given up; once the cause is fixed: retry " + update.name()
            : nextTry(update);
    new DescriptionList()
        .add("update", update.name())
        .add("failed", failures)
        .add("error", String.valueOf(update.lastError()))
        .add("next", next)
        .print(screen);
  }

  private String nextTry(QueuedUpdate update) {
    return update.retryAt() == null
        ? "it is tried again"
        : "tried again at " + times.local(update.retryAt());
  }

  @Command(
      name = "retry",
      group = Groups.WORK,
      description = "Try a failed or given-up update again now",
      help =
          """
          Its count of failures starts at zero; it goes on after its last committed chunk.
          One that waits for swap looks once more whether all is ready.
          A run whose job file has changed since it began is held until the file is as
          it was, or --accept-change has it go on with what the file says now.

          Example:
            retry fill_titles
            retry fill_titles --accept-change""")
  void retry(
      @Argument(index = 0, description = "the update") String update,
      @Option(longName = "database", description = "the database; the main one without it")
          @Nullable String database,
      @Option(longName = "accept-change", description = "go on with the file as it is now")
          boolean acceptChange)
      throws InterruptedException {
    screen.tell(wishes.retry(backend.database(database), update, acceptChange));
  }

  @Command(
      name = "cancel",
      group = Groups.WORK,
      description = "Take an update and its dependants out of the queue",
      help =
          """
          What it has committed stays. An unfinished index, a converted column that was
          not swapped, and what not-null has added are removed. With every in its job
          file it is not queued again. The console asks for the update's name first;
          the command line needs --yes. An index build in progress, or another
          statement outside of transactions, is left alone unless --now cuts it.

          Example:
            cancel fill_titles --yes
            cancel titles_index --now --yes""")
  void cancel(
      @Argument(index = 0, description = "the update") String update,
      @Option(longName = "database", description = "the database; the main one without it")
          @Nullable String database,
      @Option(longName = "now", description = "cut an index build or the like in progress")
          boolean now,
      @Option(longName = "yes", description = "without asking") boolean yes)
      throws InterruptedException {
    var name = backend.database(database);
    if (!yes && isQueued(name, update) && (now || !isBuilding(name, update))) {
      confirmation.ask(warning(name, update), update);
    }
    screen.tell(wishes.cancel(name, update, now));
  }

  /**
   * An index build or the like in progress stays, unless it is to be cut; that needs no
   * confirmation.
   */
  private boolean isBuilding(String database, String update) {
    return backend.updates().status(database).currentUpdates().stream()
        .anyMatch(current -> current.name().equals(update) && current.indexBuild() != null);
  }

  /** What is not queued is refused anyway, without a question. */
  private boolean isQueued(String database, String update) {
    return backend.updates().queue(database).stream()
        .anyMatch(queued -> queued.name().equals(update));
  }

  private String warning(String database, String update) {
    var chain = chain(update, backend.updates().queue(database));
    return "This takes %s out of the queue of %s."
        .formatted(
            chain.size() == 1 ? update : update + " and what depends on it, " + rest(chain),
            database);
  }

  private static String rest(List<String> chain) {
    return String.join(", ", chain.subList(1, chain.size())) + ",";
  }

  /** The update and all that wait for it, directly or not. */
  private static List<String> chain(String update, List<QueuedUpdate> queue) {
    var chain = new ArrayList<>(List.of(update));
    for (var i = 0; i < chain.size(); i++) {
      var name = chain.get(i);
      queue.stream()
          .filter(other -> name.equals(other.dependsOn()) && !chain.contains(other.name()))
          .forEach(other -> chain.add(other.name()));
    }
    return chain;
  }
}
