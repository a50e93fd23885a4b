package io.undercurrent.job;

import io.undercurrent.database.DidYouMean;
import io.undercurrent.database.RefusedException;
import io.undercurrent.kind.UpdateKinds;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that can be started: the files of a directory, and those of the jar whose names the
 * directory lacks.
 *
 * <p>Files may be edited at any time: each call sees them as they are now, and reads them again
 * only if one has changed.
 */
public final class Jobs {

  private final UpdateKinds kinds;
  private final JobSources sources;
  private final Function<String, @Nullable Object> properties;
  private volatile Read read;

  /**
   * Makes the catalogue; reads the jar's files, but not yet the directory.
   *
   * @param kinds the kinds of update that a file may define
   * @param directory where operators keep job files; need not exist
   * @param properties what placeholders in {@code values} stand for: the value of a property, or
   *     null if it is not set; for a name with {@code [*]}, such as {@code
   *     undercurrent.homeserver.appservices[*].sender}, a {@code List<String>} of all values
   */
  public Jobs(UpdateKinds kinds, Path directory, Function<String, @Nullable Object> properties) {
    this(kinds, directory, properties, Jobs.class.getClassLoader());
  }

  Jobs(
      UpdateKinds kinds,
      Path directory,
      Function<String, @Nullable Object> properties,
      ClassLoader jar) {
    this.kinds = kinds;
    this.sources = new JobSources(directory, jar);
    this.properties = properties;
    this.read = new Read(Set.of("nothing was read"), new Catalogue(Map.of(), Map.of()));
  }

  /** The jobs whose files have no problems, by name. */
  public List<JobFile> all() {
    return catalogue().jobs().toList();
  }

  /** The names of all jobs, those whose files have problems too, in order. */
  public List<String> names() {
    return List.copyOf(catalogue().files().keySet());
  }

  /** Whether a job's file comes with Undercurrent rather than from the directory. */
  public boolean isShipped(String job) {
    var source = catalogue().sources().get(job);
    return source != null && source.source().startsWith(JobSources.JAR);
  }

  /**
   * Finds a job.
   *
   * @throws RefusedException if there is none of that name, or if its file has problems
   */
  public JobFile get(String name) {
    var files = catalogue().files();
    var file = files.get(name);
    if (file == null) {
      var hint = DidYouMean.hint(name, files.keySet());
      throw new RefusedException(
          "Unknown job '%s'%s List the jobs with: jobs"
              .formatted(name, hint.isEmpty() ? "." : hint));
    }
    return file.job()
        .orElseThrow(
            () ->
                new RefusedException(
                    "Job '%s' has problems:\n%s"
                        .formatted(name, String.join("\n", file.problems()))));
  }

  /** What is wrong with the files, each with file and line, in the order of the jobs' names. */
  public List<String> problems() {
    return catalogue().files().values().stream().flatMap(file -> file.problems().stream()).toList();
  }

  /** What is wrong with one job's file; empty too if there is no such file. */
  public List<String> problems(String job) {
    var file = catalogue().files().get(job);
    return file == null ? List.of() : file.problems();
  }

  /**
   * Finds the job whose file was to define an update, but has problems.
   *
   * @param job the one that queued it
   */
  public Optional<String> brokenJob(String job, String updateName) {
    var files = catalogue().files().values();
    return Stream.concat(
            files.stream().filter(file -> file.name().equals(job)),
            files.stream().filter(file -> file.names(updateName)))
        .filter(file -> !file.problems().isEmpty())
        .map(ParsedFile::name)
        .findFirst();
  }

  /** Finds a job's file, as messages name it: {@code jobs/reindex.yaml}. */
  public Optional<String> source(String job) {
    return Optional.ofNullable(catalogue().sources().get(job)).map(SourceFile::source);
  }

  /** Finds the text of a job's file as it is now. */
  public Optional<String> text(String job) {
    return Optional.ofNullable(catalogue().sources().get(job)).map(SourceFile::text);
  }

  /** Finds what defines an update; empty if no file does or if the file that does has problems. */
  public Optional<DefinedUpdate> definition(String updateName) {
    return catalogue()
        .jobs()
        .flatMap(job -> job.updates().stream().map(update -> new DefinedUpdate(job, update)))
        .filter(update -> update.definition().name().equals(updateName))
        .findFirst();
  }

  private Catalogue catalogue() {
    // Before the files are read: what changes while they are is seen the next time.
    var stamp = sources.stamp();
    var known = read;
    if (!stamp.equals(known.stamp())) {
      known = new Read(stamp, Catalogue.of(kinds, sources.read(), properties));
      read = known;
    }
    return known.catalogue();
  }

  private record Read(Set<Object> stamp, Catalogue catalogue) {}
}
