package io.undercurrent.database;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The directory that Undercurrent keeps its own files in: logs, console history, embedded server.
 *
 * @param path where it is; it need not exist yet
 */
public record Home(Path path) {

  private static final String PROPERTY = "undercurrent.home";

  /** The home of a name; a leading {@code ~} is the user's home. */
  public static Home of(String name) {
    var userHome = System.getProperty("user.home");
    var path = name.equals("~") || name.startsWith("~/") ? userHome + name.substring(1) : name;
    return new Home(Path.of(path).toAbsolutePath().normalize());
  }

  /** The directory itself; if it does not exist it is made, for its owner alone. */
  public Path directory() {
    return made(path);
  }

  /** Where logs go. */
  public Path logs() {
    return made(directory().resolve("logs"));
  }

  /** The console's history, a file. */
  public Path history() {
    return directory().resolve("history");
  }

  /** Where an embedded broker would keep what it cannot keep in memory; not made. */
  public Path broker() {
    return path.resolve("broker");
  }

  /** The embedded server's directory. */
  public Path postgres() {
    return made(directory().resolve("postgres"));
  }

  private static Path made(Path directory) {
    try {
      var made =
          Files.createDirectories(
              directory,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      if (!Files.isWritable(made)) {
        throw new AccessDeniedException(made.toString());
      }
      return made;
    } catch (IOException e) {
      throw new RefusedException(
          "%s: expected a directory that can be made and written, found '%s' (%s). Choose another directory"
              .formatted(PROPERTY, directory, e),
          e);
    }
  }
}
