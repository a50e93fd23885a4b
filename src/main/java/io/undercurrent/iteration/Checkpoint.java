package io.undercurrent.iteration;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.repository.ExecutionContextSerializer;
import org.springframework.batch.core.repository.dao.JacksonExecutionContextStringSerializer;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a step's execution context shows to other processes.
 *
 * @param progress how far and how fast
 * @param position the last key of the last chunk, in text form, or null before the first and for
 *     one-shots
 * @param end the key that the run ends with, in the same form; null as well where an older version
 *     began it
 * @param axis what these are keys of: {@code members by room_id (text), user_id (text)}; null
 *     without keys
 * @param begin the key that the run begins with, or the values of its leading columns; null for a
 *     run that walks upwards from the least key
 */
public record Checkpoint(
    Progress progress,
    @Nullable List<String> position,
    @Nullable List<String> end,
    @Nullable String axis,
    @Nullable List<String> begin) {

  /** The entry with the last key of the last chunk. */
  public static final String POSITION = "undercurrent.position";

  /** The entry with the key that the run begins with. */
  public static final String BEGIN = "undercurrent.begin";

  /** The entry with the key that the run ends with. */
  public static final String END = "undercurrent.end";

  /** The entry with what these are keys of. */
  public static final String AXIS = "undercurrent.axis";

  /** The entry with how many rows the whole run has, where the context is that of a slice. */
  public static final String ROWS_OF_RUN = "undercurrent.rowsOfRun";

  private static final JsonMapper JSON = JsonMapper.shared();

  /** Costly to make, and thread-safe. */
  private static final ExecutionContextSerializer CONTEXTS =
      new JacksonExecutionContextStringSerializer();

  /** Reads a context as Spring Batch's tables hold it. */
  public static Checkpoint read(String context) {
    try {
      var entries =
          CONTEXTS.deserialize(new ByteArrayInputStream(context.getBytes(StandardCharsets.UTF_8)));
      return new Checkpoint(
          Progress.of(entries),
          position(entries),
          end(entries),
          entries.get(AXIS) instanceof String axis ? axis : null,
          begin(entries));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The position among a context's entries, or null before the first chunk. */
  public static @Nullable List<String> position(Map<String, Object> context) {
    return key(context, POSITION);
  }

  /** The key that a run begins with, or null where its context has none. */
  public static @Nullable List<String> begin(Map<String, Object> context) {
    return key(context, BEGIN);
  }

  /** The key that a run ends with, or null where its context has none. */
  public static @Nullable List<String> end(Map<String, Object> context) {
    return key(context, END);
  }

  /** A key as an entry holds it. */
  public static String text(List<String> key) {
    return JSON.writeValueAsString(key);
  }

  private static @Nullable List<String> key(Map<String, Object> context, String name) {
    return context.get(name) instanceof String json
        ? JSON.readValue(json, new TypeReference<List<String>>() {})
        : null;
  }

  /** The position as operators read it: {@code !room:server} or {@code (!room:server, @user)}. */
  public @Nullable String place() {
    if (position == null) {
      return null;
    }
    return position.size() == 1 ? position.get(0) : "(" + String.join(", ", position) + ")";
  }
}
