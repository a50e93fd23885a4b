package io.undercurrent.database.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code postmaster.pid} says about the server of a data directory. The server may be dead,
 * and its pid may belong to another process by now.
 *
 * @param data the data directory
 * @param process the process that has the pid, or null
 * @param port the port that the server listens on, 0 while that is not known
 */
record Postmaster(Path data, @Nullable ProcessHandle process, int port) {

  /** Reads the file in that data directory; empty if it does not exist. */
  static Optional<Postmaster> of(Path data) {
    try {
      var lines = Files.readAllLines(file(data));
      var process = ProcessHandle.of(number(lines, 0)).filter(ProcessHandle::isAlive);
      return Optional.of(new Postmaster(data, process.orElse(null), number(lines, 3)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(Path data) {
    return data.resolve("postmaster.pid");
  }

  private static int number(List<String> lines, int index) {
    var line = lines.size() > index ? lines.get(index).strip() : "";
    return line.matches("\\d{1,9}") ? Integer.parseInt(line) : 0;
  }

  /** Whether the process runs a program called postgres, on whatever data. */
  boolean isPostgres() {
    return process != null
        && process
            .info()
            .command()
            .map(Path::of)
            .filter(program -> program.getFileName().toString().startsWith("postgres"))
            .isPresent();
  }

  /** Whether the process was started as the server of this data directory. */
  boolean servesItsDirectory() {
    return process != null
        && isPostgres()
        && process.info().arguments().stream()
            .flatMap(Stream::of)
            .anyMatch(data.toString()::equals);
  }

  /** Removes the file, which would keep a new server from starting; the process stays untouched. */
  void forget() {
    try {
      Files.deleteIfExists(file(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
