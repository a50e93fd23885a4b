package io.undercurrent.job;

import io.undercurrent.database.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the operators' job files are.
 *
 * @param jobsDirectory the directory of the job files, which win over those in the jar; jobs/ of
 *     the working directory unless it is set
 */
@ConfigurationProperties("undercurrent")
// A text, because Spring turns 'jobs' into a path on the class path if there is such a thing.
record JobProperties(@Nullable String jobsDirectory) {

  /**
   * The directory, which need not exist unless it is configured.
   *
   * @throws RefusedException if it is configured, but no directory
   */
  Path directory() {
    if (jobsDirectory == null || jobsDirectory.isBlank()) {
      return Path.of("jobs");
    }
    var directory = Path.of(jobsDirectory);
    if (!Files.isDirectory(directory)) {
      throw new RefusedException(
          "undercurrent.jobs-directory: expected a directory, got '%s'. Make it, or leave the"
                  .formatted(directory)
              + " property out to use jobs/ of the working directory");
    }
    return directory;
  }
}
