package io.undercurrent.quarantine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which rows in quarantine are meant.
 *
 * @param update those of this update, or null for all
 * @param run those of this run of it, or null for all
 * @param key the one with this key, or null for all
 */
public record QuarantineFilter(
    @Nullable String update, @Nullable Long run, @Nullable List<String> key) {

  static final String CONDITION =
      """
       WHERE (update_name = :update OR CAST(:update AS text) IS NULL)
         AND (run = :run OR CAST(:run AS bigint) IS NULL)
         AND (key = CAST(:key AS jsonb) OR CAST(:key AS jsonb) IS NULL)
      """;

  /** All rows of an update. */
  public static QuarantineFilter of(String update) {
    return new QuarantineFilter(update, null, null);
  }

  /** The same, but of one run. */
  public QuarantineFilter ofRun(long number) {
    return new QuarantineFilter(update, number, key);
  }

  Map<String, @Nullable Object> parameters() {
    var parameters = new HashMap<String, @Nullable Object>();
    parameters.put("update", update);
    parameters.put("run", run);
    parameters.put("key", key == null ? null : QuarantineTable.text(key));
    return parameters;
  }
}
