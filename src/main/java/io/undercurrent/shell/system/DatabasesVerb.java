package io.undercurrent.shell.system;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.undercurrent.json.WorkerJson;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Table;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.screen.Tint;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.status.DatabaseStatus;
import io.undercurrent.status.WorkerView;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code databases}: what Undercurrent works on. */
@Component
final class DatabasesVerb {

  private final Backend backend;
  private final Screen screen;
  private final Times times;

  DatabasesVerb(Backend backend, Screen screen, Times times) {
    this.backend = backend;
    this.screen = screen;
    this.times = times;
  }

  @Command(
      name = "databases",
      group = Groups.WATCH,
      description = "The configured databases, the main one first",
      help =
          """
          Databases are configured by undercurrent.databases; without any there is an
          embedded server with one called master. Workers that take slices of a
          database's updates are listed with what they do.

          Example:
            databases""")
  void databases(@Option(longName = "json", description = "as JSON, for scripts") boolean json) {
    var databases =
        backend.databases().names().stream()
            .map(
                name ->
                    DatabaseJson.of(
                        url(name), backend.updates().glance(name), backend.updates().workers(name)))
            .toList();
    if (json) {
      JsonOutput.print(screen, databases);
      return;
    }
    var table = new Table(Table.text("DATABASE"), Table.state("STATE"), Table.text("URL"));
    databases.forEach(one -> table.row(one.tint(), one.database(), one.state(), one.shortUrl()));
    table.print(screen);
    printWorkers(databases);
    databases.stream()
        .map(DatabaseJson::problem)
        .filter(Objects::nonNull)
        .forEach(
            problem ->
                DescriptionList.wrapped(problem, screen.width()).forEach(screen.out()::println));
  }

  private void printWorkers(List<DatabaseJson> databases) {
    var table =
        new Table(
            Table.text("WORKER"),
            Table.text("DATABASE"),
            Table.text("LAST SEEN"),
            Table.text("DOES"));
    for (var database : databases) {
      for (var worker : database.views()) {
        table.row(
            worker.alive() ? Tint.NONE : Tint.HELD,
            worker.name(),
            database.database(),
            times.local(worker.lastSeen()),
            worker.doing());
      }
    }
    if (databases.stream().anyMatch(database -> !database.views().isEmpty())) {
      screen.out().println();
      table.print(screen);
    }
  }

  /** Drivers take a password in the URL, too. */
  private String url(String database) {
    return backend
        .databases()
        .get(database)
        .settings()
        .url()
        .replaceAll("(?i)(password=)[^&]*", "$1...");
  }

  /** The stable form of a database. */
  private record DatabaseJson(
      String database,
      String url,
      boolean up,
      @Nullable String problem,
      int queued,
      List<WorkerJson> workers,
      @JsonIgnore List<WorkerView> views) {

    static DatabaseJson of(String url, DatabaseStatus status, List<WorkerView> workers) {
      return new DatabaseJson(
          status.database(),
          url,
          status.problem() == null,
          status.problem(),
          status.queued(),
          workers.stream().map(WorkerJson::of).toList(),
          workers);
    }

    private String state() {
      return problem == null ? "up, %s queued".formatted(Numbers.grouped(queued)) : "down";
    }

    private Tint tint() {
      return up ? Tint.NONE : Tint.FAILED;
    }

    private String shortUrl() {
      return url.replaceFirst("[?].*", "");
    }
  }
}
