package io.undercurrent.queue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An update that is about to be queued.
 *
 * @param name the update, 1 to 100 characters, which is what Spring Batch keeps of a name
 * @param dependsOn the update that has to leave the queue first, or null
 * @param ordering lower goes first
 * @param every after what time it is queued again, or null for never
 */
public record NewUpdate(
    String name, @Nullable String dependsOn, int ordering, @Nullable Duration every) {

  private static final int LONGEST_NAME = 100;

  /** One that is not queued again. */
  public NewUpdate(String name, @Nullable String dependsOn, int ordering) {
    this(name, dependsOn, ordering, null);
  }

  public NewUpdate {
    var length = name.codePointCount(0, name.length());
    if (length < 1 || length > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "expected an update name of 1 to %d characters, found %d"
              .formatted(LONGEST_NAME, length));
    }
  }
}
