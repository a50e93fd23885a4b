package io.undercurrent.shell.verb;

import io.undercurrent.database.RefusedException;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Table;
import io.undercurrent.shell.system.SampleVerb;
import io.undercurrent.shell.view.Backend;
import java.util.List;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code demo}: everything once, on the embedded server. */
@Component
final class DemoVerb {

  private static final String JOB = "populate_stats_process_rooms";

  private final Backend backend;
  private final Screen screen;
  private final RunVerb run;
  private final SampleVerb sample;
  private final HistoryVerb history;

  DemoVerb(Backend backend, Screen screen, RunVerb run, SampleVerb sample, HistoryVerb history) {
    this.backend = backend;
    this.screen = screen;
    this.run = run;
    this.sample = sample;
    this.history = history;
  }

  @Command(
      name = "demo",
      group = Groups.TRY,
      description = "See it all once, on the embedded server",
      help =
          """
          Makes a sample homeserver, starts a job on it and shows its progress. It can be
          repeated, and interrupted by Ctrl-C: the rest of the job waits in the queue.

          Example:
            demo""")
  void demo(
      @Option(longName = "rooms", description = "how many rooms", defaultValue = "2000")
          Integer rooms)
      throws InterruptedException {
    refuseConfiguredDatabases();
    var database = backend.database(null);
    sample.unlessThere(database, rooms);
    start(database);
    var watch = run.watch(database);
    backend.startRunner(database);
    watch.untilIdle();
    showRooms(database);
    showRun(database, watch);
    suggest();
  }

  private void refuseConfiguredDatabases() {
    if (!backend.databases().embedded()) {
      throw new RefusedException(
          "Expected no configured database, since the demo uses the embedded server only; found"
              + " '%s'. Start it without undercurrent.databases"
                  .formatted(String.join("', '", backend.databases().names())));
    }
  }

  private void start(String database) {
    var queued = backend.updates().queue(database).stream().map(QueuedUpdate::job).toList();
    if (!queued.contains(JOB)) {
      backend.updates().start(database, JOB);
    }
    tell(
        "The job "
            + JOB
            + " recomputes the statistics of every room, in chunks of about 100 ms with pauses"
            + " between them:");
  }

  private void tell(String text) {
    screen.out().println();
    DescriptionList.wrapped(text, screen.width()).forEach(screen.out()::println);
    screen.out().println();
  }

  private void showRooms(String database) {
    var table =
        new Table(
            Table.text("ROOM"),
            Table.text("NAME"),
            Table.text("JOIN RULES"),
            Table.number("MEMBERS"));
    backend
        .databases()
        .get(database)
        .jdbc()
        .sql(
            """
            SELECT room_id, name, join_rules, joined_members
              FROM room_stats_state
              JOIN room_stats_current USING (room_id)
             WHERE name IS NOT NULL
             ORDER BY joined_members DESC, room_id
             LIMIT 5""")
        .query(
            (row, number) ->
                table.row(
                    row.getString("room_id"),
                    row.getString("name"),
                    String.valueOf(row.getString("join_rules")),
                    Numbers.grouped(row.getLong("joined_members"))))
        .list();
    tell("What it has written, largest rooms first:");
    table.print(screen);
  }

  private void showRun(String database, QueueProgress watch) {
    var pace = watch.pace().stream().mapToObj(Numbers::grouped).findFirst();
    tell(
        pace.map("It processed %s rooms/s, its pauses aside. The history says:"::formatted)
            .orElse("The history says:"));
    history.detail(backend.history(database).runsOf(JOB, 1));
  }

  private void suggest() {
    tell("What to try next, here or on the command line:");
    var next = new DescriptionList();
    List.of(
            List.of("jobs", "what else can be started"),
            List.of("start " + JOB, "once more, in the background"),
            List.of("status", "how far it is"),
            List.of("pause, resume", "hold it, and let it go on"),
            List.of("help", "the other verbs"))
        .forEach(line -> next.add("  " + line.get(0), line.get(1)));
    next.print(screen);
  }
}
