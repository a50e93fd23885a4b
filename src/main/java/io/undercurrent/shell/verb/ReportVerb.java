package io.undercurrent.shell.verb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.undercurrent.database.RefusedException;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.report.RunReport;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.view.Backend;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.annotation.Argument;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code report}: all that is known of a run, in a file. */
@Component
final class ReportVerb {

  private static final OpenOption[] NEW = {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
  private static final OpenOption[] ANY = {
    StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE
  };

  private final Backend backend;
  private final Screen screen;
  private final Times times;
  private final Clock clock;

  ReportVerb(Backend backend, Screen screen, Times times, Clock clock) {
    this.backend = backend;
    this.screen = screen;
    this.times = times;
    this.clock = clock;
  }

  @Command(
      name = "report",
      group = Groups.WATCH,
      description = "A run as an HTML file, for a change ticket",
      help =
          """
          Writes one file that needs nothing else: what the run has done over time,
          what its time was spent on, its executions, what operators did, and the
          definition. It is also for runs that have ended, and for those whose job
          file is gone. Passwords, tokens and the values of job files are left out.
          Without --run it is the last run of the update, the one that is queued if
          one is; without --output the file is UPDATE-run-N.html, in the directory
          from which Undercurrent was started.

          Example:
            report fill_titles
            report fill_titles --run 3 --output /tmp/change-4711.html""")
  void report(
      @Argument(index = 0, description = "the update") String update,
      @Option(longName = "run", description = "its run of this number; the last one without it")
          @Nullable Integer run,
      @Option(longName = "output", description = "the file to write") @Nullable String output,
      @Option(longName = "force", description = "overwrite the file if it is there") boolean force,
      @Option(longName = "database", description = "the database; the main one without it")
          @Nullable String database) {
    var name = backend.database(database);
    var meant = backend.run(name, update, run);
    var file = file(output == null ? usualName(update, meant.number()) : output);
    refuseExisting(file, force);
    var html = RunReport.of(backend, name, meant, times, clock.instant());
    write(file, html, force);
    screen.tell("Wrote run %d of %s on %s to %s".formatted(meant.number(), update, name, file));
  }

  /** An update's name may have characters that mean something else in a path. */
  static String usualName(String update, long run) {
    return "%s-run-%d.html"
        .formatted(update.replaceAll("[^\\p{L}\\p{N}._-]", "_").replaceAll("^[.-]", "_"), run);
  }

  private static Path file(String name) {
    try {
      return Path.of(name).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new RefusedException("--output: expected a file's name, got '%s'".formatted(name), e);
    }
  }

  /** Early, as all the rest may take a while. */
  private static void refuseExisting(Path file, boolean force) {
    if (Files.isDirectory(file)) {
      throw new RefusedException(
          "--output: expected a file, found the directory %s".formatted(file));
    }
    if (!force && Files.exists(file)) {
      throw exists(file);
    }
  }

  private static void write(Path file, String html, boolean force) {
    try {
      Files.writeString(file, html, UTF_8, force ? ANY : NEW);
    } catch (FileAlreadyExistsException e) {
      throw exists(file);
    } catch (IOException e) {
      throw new RefusedException(
          "%s cannot be written (%s). Name another file with: --output FILE".formatted(file, e), e);
    }
  }

  private static RefusedException exists(Path file) {
    return new RefusedException(
        "%s is there already. Overwrite it with --force, or name another file with: --output FILE"
            .formatted(file));
  }
}
