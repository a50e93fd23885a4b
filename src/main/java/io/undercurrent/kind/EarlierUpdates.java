package io.undercurrent.kind;

import io.undercurrent.plan.UnindexedReferences.Coming;
import io.undercurrent.sql.SetColumns;
import io.undercurrent.sql.SqlTemplate;
import io.undercurrent.sql.Words;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the updates before one in its job may have changed by the time that it runs. */
public final class EarlierUpdates {

  /** SQLSTATEs of a relation, column, function, type or schema that a statement may make. */
  private static final Set<String> MISSING = Set.of("42P01", "42703", "42883", "42704", "3F000");

  /** That of ON CONFLICT without a unique index. */
  private static final String NO_ARBITER = "42P10";

  private final Map<String, Set<String>> names = new LinkedHashMap<>();
  private final List<Coming> indexes = new ArrayList<>();
  private final List<List<String>> made = new ArrayList<>();
  private final Set<String> validated = new HashSet<>();
  private @Nullable String maker;

  /** An update runs a statement, which may change anything. */
  public void runs(String update, String sql) {
    names(update, sql);
    maker = update;
    var statement = new SqlTemplate(sql, List.of());
    madeBy(Words.of(statement)).map(EarlierUpdates::namesIn).ifPresent(made::add);
    if (statement.contains("VALIDATE")) {
      validated.addAll(namesIn(sql));
    }
  }

  /** What a statement makes anew, and fails if it is there; not CREATE TABLE IF NOT EXISTS. */
  private static Optional<String> madeBy(Words words) {
    if (!words.accept("CREATE")) {
      return Optional.empty();
    }
    words.acceptAny(Set.of("GLOBAL", "LOCAL"));
    words.acceptAny(Set.of("TEMP", "TEMPORARY", "UNLOGGED"));
    var isTable = words.accept("TABLE") || words.accept("MATERIALIZED", "VIEW");
    return isTable && !words.accept("IF", "NOT", "EXISTS")
        ? Optional.of(words.name())
        : Optional.empty();
  }

  /** Whether a table is new by then, whatever is there now. */
  public boolean makes(String table) {
    var parts = namesIn(table);
    return made.stream()
        .anyMatch(
            known ->
                known.get(known.size() - 1).equals(parts.get(parts.size() - 1))
                    && (known.size() == 1 || parts.size() == 1 || known.equals(parts)));
  }

  /** Whether a constraint of a table may be validated by then. */
  public boolean validates(String table) {
    var parts = namesIn(table);
    return validated.contains(parts.get(parts.size() - 1));
  }

  /**
   * An update builds an index.
   *
   * @param column the column that it begins with, or null if that is an expression
   */
  public void indexes(String update, String table, @Nullable String column) {
    names(update, table);
    if (column != null) {
      indexes.add(new Coming(table, column));
    }
  }

  private void names(String update, String sql) {
    names.computeIfAbsent(update, name -> new HashSet<>()).addAll(namesIn(sql));
  }

  /** The indexes on columns that are built before. */
  public List<Coming> indexes() {
    return indexes;
  }

  /** The last update that may make relations, or null. */
  public @Nullable String maker() {
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
  public @Nullable String changerOf(String table) {
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
