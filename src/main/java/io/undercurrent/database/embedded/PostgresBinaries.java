package io.undercurrent.database.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.undercurrent.database.RefusedException;
import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.springframework.util.DigestUtils;
import org.springframework.util.FileSystemUtils;

/** PostgreSQL's programs, unpacked from the class path into a directory of ours. */
final class PostgresBinaries {

  private static final String PREFIX = "binaries-";
  private static final Pattern REASON = Pattern.compile("(?:FATAL|error|hint): +(.*)");
  private static final Pattern MAJOR_VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

  private final Path directory;

  private PostgresBinaries(Path directory) {
    this.directory = directory;
  }

  /** Unpacks the programs below that directory, unless they are there already. */
  static PostgresBinaries in(Path parent) {
    try {
      var archive = archive();
      var directory = parent.resolve(PREFIX + DigestUtils.md5DigestAsHex(archive));
      if (!Files.isDirectory(directory)) {
        removeOthers(parent);
        var partial = Files.createTempDirectory(parent, PREFIX);
        unpack(archive, partial);
        Files.move(partial, directory);
      }
      return new PostgresBinaries(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] archive() throws IOException {
    var system = System.getProperty("os.name").startsWith("Mac") ? "Darwin" : "Linux";
    var architecture = System.getProperty("os.arch");
    try (var archive = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, architecture)) {
      return archive.readAllBytes();
    } catch (IllegalStateException e) {
      throw new RefusedException(
          "Expected an embedded PostgreSQL for %s on %s, found none. Install PostgreSQL and name a database: undercurrent.databases[0].url"
              .formatted(system, architecture),
          e);
    }
  }

  // Programs of an earlier version, and those that a killed start left half unpacked.
  private static void removeOthers(Path parent) throws IOException {
    try (var others = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (var other : others) {
        FileSystemUtils.deleteRecursively(other);
      }
    }
  }

  private static void unpack(byte[] archive, Path directory) throws IOException {
    try (var tar =
        new TarArchiveInputStream(new XZCompressorInputStream(new ByteArrayInputStream(archive)))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(tar, entry, directory.resolve(entry.getName()).normalize());
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, target);
      target.toFile().setExecutable((entry.getMode() & 0100) != 0, true);
    }
  }

  /** The major version on the class path, as {@code PG_VERSION} has it. */
  String majorVersion() {
    var answer = run("postgres", List.of("--version"));
    var version = MAJOR_VERSION.matcher(answer);
    if (!version.find()) {
      throw new IllegalStateException("Expected a version of PostgreSQL, got: " + answer);
    }
    return version.group(1);
  }

  /**
   * Runs one of the programs to its end.
   *
   * @return what it printed
   * @throws RefusedException if it failed; the message says what it printed
   */
  String run(String program, List<String> arguments) {
    var command = new ArrayList<String>();
    if (LinuxUtils.isUnshareAvailable()) {
      // PostgreSQL refuses to run as root; in a user namespace of its own it is the user nobody.
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(directory.resolve("bin").resolve(program).toString());
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    return run(program, builder.redirectErrorStream(true));
  }

  private static String run(String program, ProcessBuilder builder) {
    try {
      var process = builder.start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new RefusedException(
            "%s of the embedded PostgreSQL failed: %s".formatted(program, reason(output)));
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for " + program, e);
    }
  }

  /** What matters of a failed program's output, on one line. */
  private static String reason(String output) {
    var reasons = REASON.matcher(output).results().map(found -> found.group(1)).toList();
    return reasons.isEmpty() ? output.replaceAll("\\s*\\R\\s*", " ") : String.join(" ", reasons);
  }
}
