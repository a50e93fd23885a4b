package io.undercurrent.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.undercurrent.bean.Row;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.iteration.Progress;
import io.undercurrent.rows.Inspection;
import io.undercurrent.sql.CanonicalSql;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rows that a verification has found: the first keys, in the step's context, and how many, in
 * its progress.
 */
record Findings(Verification work, Map<String, Object> values) implements Inspection {

  private static final String KEYS = "undercurrent.foundKeys";
  private static final String COLUMNS = "undercurrent.foundColumns";
  private static final String FAILED = "undercurrent.foundAll";

  /** A hash of what was looked for: values may be secret. */
  private static final String SOUGHT = "undercurrent.sought";

  private static final int MOST_KEYS = 10;
  private static final int LONGEST_VALUE = 80;

  private static final JsonMapper JSON = JsonMapper.shared();

  /**
   * What was found may be mended by now, and what was sound may not be any more; nor may it be by
   * another condition, which an operator has accepted since.
   */
  @Override
  public boolean beginsAnew(Map<String, Object> context) {
    return context.containsKey(FAILED) || !context.getOrDefault(SOUGHT, sought()).equals(sought());
  }

  private String sought() {
    var sql = work.condition().text();
    var used = new TreeMap<>(values);
    used.keySet().retainAll(CanonicalSql.parameters(sql));
    return UUID.nameUUIDFromBytes((sql + used).getBytes(UTF_8)).toString();
  }

  @Override
  public void inspect(List<Row> items, ExecutionContext context) {
    var keys = new ArrayList<>(keys(context));
    for (var row : items.subList(0, Math.min(items.size(), MOST_KEYS - keys.size()))) {
      keys.add(key(row));
      context.putString(COLUMNS, String.join(", ", row.columns()));
    }
    context.putString(KEYS, JSON.writeValueAsString(keys));
    context.putString(SOUGHT, sought());
  }

  private static List<String> keys(ExecutionContext context) {
    return context.get(KEYS) instanceof String json
        ? JSON.readValue(json, new TypeReference<List<String>>() {})
        : List.of();
  }

  private static String key(Row row) {
    var values =
        row.values().stream()
            .map(value -> OneLine.of(String.valueOf(value), LONGEST_VALUE))
            .collect(joining(", "));
    return row.values().size() == 1 ? values : "(" + values + ")";
  }

  @Override
  public void conclude(Progress progress, ExecutionContext context) {
    var keys = keys(context);
    if (keys.isEmpty()) {
      return;
    }
    context.put(FAILED, true);
    throw new HopelessException(sentence(progress, keys, context.getString(COLUMNS)));
  }

  private String sentence(Progress progress, List<String> keys, String columns) {
    var found = progress.written().matching();
    return String.format(
        Locale.ROOT,
        "expected no %s, found %,d in %,d rows; %s by (%s): %s. Mend them, then verify all rows again, from the first key, with: retry",
        work.forbidden(),
        found,
        progress.rows(),
        found != null && found > keys.size() ? "the first " + keys.size() : "all",
        columns,
        String.join(", ", keys));
  }
}
