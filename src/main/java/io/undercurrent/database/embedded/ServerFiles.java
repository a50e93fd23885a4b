package io.undercurrent.database.embedded;

import io.undercurrent.database.Home;
import io.undercurrent.database.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The embedded server's files.
 *
 * @param directory what holds everything but the log
 * @param log the server's log
 */
record ServerFiles(Path directory, Path log) {

  // File locks exclude processes, not threads.
  private static final ReentrantLock THREADS = new ReentrantLock();

  // PostgreSQL's programs call each other through a shell, between double quotes.
  private static final Pattern SPECIAL = Pattern.compile("[\"$`\\\\]");

  static ServerFiles of(Home home) {
    try {
      var directory = home.postgres().toRealPath();
      if (SPECIAL.matcher(directory.toString()).find()) {
        throw new RefusedException(
            "undercurrent.home: expected a path without \", $, ` and \\, which the embedded PostgreSQL cannot be in, found '%s'. Choose another directory"
                .formatted(directory));
      }
      return new ServerFiles(directory, home.logs().resolve("postgres.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The data directory, complete if it exists. */
  Path data() {
    return directory.resolve("data");
  }

  boolean hasData() {
    return Files.exists(data());
  }

  /** The superuser's password, readable by its owner alone. */
  Path passwordFile() {
    return directory.resolve("password");
  }

  String password() {
    try {
      return Files.readString(passwordFile());
    } catch (IOException e) {
      throw new RefusedException(
          "%s: expected the embedded server's password, found %s. Put the file back"
              .formatted(passwordFile(), e),
          e);
    }
  }

  /**
   * Does something while no other process or thread starts or stops the server. The operating
   * system gives the lock back when its holder dies.
   */
  <T> T exclusively(Supplier<T> action) {
    THREADS.lock();
    try (var channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock();
      return action.get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      THREADS.unlock();
    }
  }
}
