package io.undercurrent.worker;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a runner asks of any worker: a slice, as it was when it asked. The rows decide whether it
 * still is to be worked on.
 *
 * @param database what the database is called in both configurations
 * @param jobExecution the job execution that the slice belongs to
 * @param stepExecution the slice
 * @param step the name of its step
 * @param epoch that of the runner's lease
 * @param version that of the step execution
 */
record SliceRequest(
    String database, long jobExecution, long stepExecution, String step, long epoch, long version) {

  private static final JsonMapper JSON = JsonMapper.shared();

  String text() {
    return JSON.writeValueAsString(this);
  }

  /** Reads one; nothing where the text is none. */
  @SuppressWarnings("NullAway") // JSON may leave anything out
  static Optional<SliceRequest> of(@Nullable String text) {
    try {
      return Optional.ofNullable(text)
          .map(json -> JSON.readValue(json, SliceRequest.class))
          .filter(request -> request.database != null && request.step != null);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }
}
