package io.undercurrent.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;

import io.undercurrent.database.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** Where job files come from: a directory, and the jar for those that the directory lacks. */
final class JobSources {

  /** How messages name a file of the jar. */
  static final String JAR = "classpath:";

  /** Some file systems keep times in seconds. */
  private static final Duration CLOCK_TICK = Duration.ofSeconds(2);

  /** Far beyond what anybody writes, far below what a heap holds. */
  private static final int LARGEST = 1 << 20;

  private static final Pattern FILE_NAME = Pattern.compile("(?<job>[^.].*)\\.(?i:ya?ml)");

  private final Path directory;
  private final Map<String, SourceFile> inTheJar = new TreeMap<>();

  JobSources(Path directory, ClassLoader jar) {
    this.directory = directory;
    resources(jar)
        .flatMap(resource -> jobFile(resource).stream())
        .forEach(file -> inTheJar.putIfAbsent(file.name(), file));
  }

  /** What changes when a file of the directory does. */
  Set<Object> stamp() {
    return paths().stream().map(JobSources::stamp).collect(toSet());
  }

  private static Object stamp(Path path) {
    try {
      var attributes = Files.readAttributes(path, BasicFileAttributes.class);
      var modified = attributes.lastModifiedTime().toInstant();
      // One that was written just now may change again without looking different.
      return modified.isAfter(Instant.now().minus(CLOCK_TICK))
          ? new Object()
          : List.of(path, attributes.size(), modified, key(attributes));
    } catch (IOException e) {
      return path;
    }
  }

  /** Of editors that put another file in the old one's place. */
  private static Object key(BasicFileAttributes attributes) {
    return Objects.requireNonNullElse(attributes.fileKey(), "");
  }

  /** The files as they are now, by the names of their jobs. */
  Map<String, SourceFile> read() {
    var inTheDirectory = new TreeMap<String, SourceFile>();
    for (var path : paths()) {
      jobFile(path).ifPresent(file -> inTheDirectory.merge(file.name(), file, JobSources::twice));
    }
    var files = new TreeMap<>(inTheJar);
    files.putAll(inTheDirectory);
    return files;
  }

  private static SourceFile twice(SourceFile first, SourceFile second) {
    return SourceFile.refused(
        second.name(),
        second.source(),
        "expected one file for job '%s', found %s as well".formatted(first.name(), first.source()));
  }

  private List<Path> paths() {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files.filter(JobSources::isFile).sorted().toList();
    } catch (IOException e) {
      throw new RefusedException(
          "undercurrent.jobs-directory: expected a directory that can be read, got '%s' (%s)"
              .formatted(directory, e),
          e);
    }
  }

  private static boolean isFile(Path path) {
    return Files.isRegularFile(path) || isDeadLink(path);
  }

  private static boolean isDeadLink(Path path) {
    return Files.isSymbolicLink(path) && !Files.exists(path);
  }

  private static Optional<SourceFile> jobFile(Path path) {
    return job(path.getFileName().toString()).flatMap(job -> jobFile(job, path));
  }

  private static Optional<SourceFile> jobFile(String job, Path path) {
    try {
      var problem = problem(path);
      return Optional.of(
          problem == null
              ? SourceFile.of(job, path.toString(), new String(Files.readAllBytes(path), UTF_8))
              : SourceFile.refused(job, path.toString(), problem));
    } catch (NoSuchFileException e) {
      // An editor has just put another file in its place.
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          SourceFile.refused(job, path.toString(), "cannot be read (%s)".formatted(e)));
    }
  }

  private static @Nullable String problem(Path path) throws IOException {
    if (isDeadLink(path)) {
      return "expected a file, found a link to nothing";
    }
    var size = Files.size(path);
    return size > LARGEST ? "expected at most %d bytes, found %d".formatted(LARGEST, size) : null;
  }

  private static Stream<Resource> resources(ClassLoader jar) {
    var resolver = new PathMatchingResourcePatternResolver(jar);
    try {
      return Stream.of(resolver.getResources("classpath*:jobs/*"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<SourceFile> jobFile(Resource resource) {
    var fileName = Objects.requireNonNullElse(resource.getFilename(), "");
    return job(fileName)
        .map(
            job -> {
              try {
                return SourceFile.of(
                    job, JAR + "jobs/" + fileName, resource.getContentAsString(UTF_8));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  private static Optional<String> job(String fileName) {
    var matcher = FILE_NAME.matcher(fileName);
    return matcher.matches() ? Optional.of(matcher.group("job")) : Optional.empty();
  }
}
