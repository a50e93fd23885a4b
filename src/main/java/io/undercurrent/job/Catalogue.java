package io.undercurrent.job;

import io.undercurrent.kind.UpdateKinds;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All job files as they were at one moment, read and checked against each other.
 *
 * @param sources the files' texts
 * @param files what was read from them, by the names of their jobs
 */
record Catalogue(Map<String, SourceFile> sources, Map<String, ParsedFile> files) {

  static Catalogue of(
      UpdateKinds kinds,
      Map<String, SourceFile> sources,
      Function<String, @Nullable Object> properties) {
    var files = new TreeMap<String, ParsedFile>();
    sources.forEach((job, source) -> files.put(job, JobParser.parse(kinds, source, properties)));
    var crossCheck = new CrossCheck(files.values());
    files.replaceAll((job, file) -> crossCheck.apply(file));
    return new Catalogue(sources, files);
  }

  Stream<JobFile> jobs() {
    return files.values().stream().flatMap(file -> file.job().stream());
  }
}
