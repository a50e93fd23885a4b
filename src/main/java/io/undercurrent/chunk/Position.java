package io.undercurrent.chunk;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The key of the last row that a run has committed.
 *
 * @param key its columns' values in their text form
 */
public record Position(List<String> key) {

  /** What a step's execution context tells; empty before the first chunk and for one-shots. */
  public static Optional<Position> of(Map<String, Object> context) {
    return Optional.ofNullable(KeysetReader.position(context)).map(Position::new);
  }

  /** The key as operators read it: {@code !room:server} or {@code (!room:server, @user:server)}. */
  public String text() {
    return key.size() == 1 ? key.get(0) : "(" + String.join(", ", key) + ")";
  }
}
