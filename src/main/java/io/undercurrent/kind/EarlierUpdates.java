package io.undercurrent.kind;

import io.undercurrent.job.Work.CreateIndex;
import io.undercurrent.sql.SetColumns;
import io.undercurrent.sql.SqlTemplate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the updates before one in its job may have mended by the time that it runs. */
final class EarlierUpdates {

  /** SQLSTATEs of a relation, column, function, type or schema that a statement may make. */
  private static final Set<String> MISSING = Set.of("42P01", "42703", "42883", "42704", "3F000");

  /** That of ON CONFLICT without a unique index. */
  private static final String NO_ARBITER = "42P10";

  private final Map<String, Set<String>> names = new LinkedHashMap<>();
  private final List<CreateIndex> indexes = new ArrayList<>();
  private @Nullable String maker;

  /** A statement of an update comes first that may do anything. */
  void ran(String update, String sql) {
    names(update, sql);
    maker = update;
  }

  void built(String update, CreateIndex index) {
    names(update, index.table());
    indexes.add(index);
  }

  private void names(String update, String sql) {
    names.computeIfAbsent(update, name -> new HashSet<>()).addAll(namesIn(sql));
  }

  /** The indexes that come first. */
  List<CreateIndex> indexes() {
    return indexes;
  }

  /** The last update that may make relations, or null. */
  @Nullable String maker() {
    return maker;
  }

  static boolean isMissing(String sqlState) {
    return MISSING.contains(sqlState);
  }

  /** The last update that may make what a statement misses, or null. */
  @Nullable String makerOf(String sqlState) {
    if (sqlState.equals(NO_ARBITER)) {
      return names.keySet().stream().reduce((one, later) -> later).orElse(null);
    }
    return isMissing(sqlState) ? maker : null;
  }

  /** The last update that names a table, and so may change its keys and indexes, or null. */
  @Nullable String changerOf(String table) {
    var parts = namesIn(table);
    var bare = parts.get(parts.size() - 1);
    return names.entrySet().stream()
        .filter(update -> update.getValue().contains(bare))
        .map(Map.Entry::getKey)
        .reduce((one, later) -> later)
        .orElse(null);
  }

  private static List<String> namesIn(String sql) {
    return new SqlTemplate(sql, List.of()).tokens().stream().map(SetColumns::name).toList();
  }
}
