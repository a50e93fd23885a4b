package io.undercurrent.sql;

import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The start of a run, for which {@code :now} stands in a job's SQL: the same in each statement,
 * whatever chunk or restart it belongs to.
 */
public final class RunStart {

  /** What SQL calls it. */
  public static final String NAME = "now";

  private RunStart() {}

  /** What names stand for in the SQL of a run that began then. */
  public static Map<String, Object> among(Map<String, Object> values, OffsetDateTime start) {
    var all = new LinkedHashMap<>(values);
    all.put(NAME, start);
    return all;
  }
}
