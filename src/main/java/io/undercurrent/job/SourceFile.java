package io.undercurrent.job;

import org.jspecify.annotations.Nullable;

/**
 * The text of a job file.
 *
 * @param name the file's name without its ending
 * @param source where the file is, as messages name it
 * @param text what is in it
 * @param problem why it does not matter what is in it, or null
 */
record SourceFile(String name, String source, String text, @Nullable String problem) {

  static SourceFile of(String name, String source, String text) {
    return new SourceFile(name, source, text, null);
  }

  static SourceFile refused(String name, String source, String problem) {
    return new SourceFile(name, source, "", problem);
  }
}
