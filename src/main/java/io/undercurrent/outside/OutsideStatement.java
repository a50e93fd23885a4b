package io.undercurrent.outside;

import io.undercurrent.database.RefusedException;
import io.undercurrent.sql.SqlTemplate;
import io.undercurrent.sql.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A statement that may be repeated: a crash can come between it and the note that it is done.
 *
 * @param sql as in the file
 * @param action what it does
 * @param targets on which relations or types, as written
 * @param locks whether it locks them against reading and writing while it works
 */
record OutsideStatement(String sql, Action action, List<String> targets, boolean locks) {

  private static final String EXPECTED =
      "expected a statement that may be repeated after a crash: VACUUM, ANALYZE, REINDEX, CLUSTER, REFRESH MATERIALIZED VIEW, DROP INDEX CONCURRENTLY IF EXISTS, ALTER TYPE ... ADD VALUE IF NOT EXISTS or CHECKPOINT; found '%s'. %s";

  private static final Set<String> TRANSACTIONS =
      Set.of("BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "PREPARE");
  private static final Set<String> VACUUM_WORDS =
      Set.of("FREEZE", "VERBOSE", "ANALYZE", "ANALYSE", "FULL");
  private static final Set<String> OFF = Set.of("FALSE", "OFF", "0", "'FALSE'", "'OFF'", "'0'");

  /** What a statement does. */
  enum Action {
    VACUUM("VACUUM"),
    ANALYZE("ANALYZE"),
    REINDEX_INDEX("REINDEX INDEX"),
    REINDEX_TABLE("REINDEX TABLE"),
    CLUSTER("CLUSTER"),
    REFRESH("REFRESH MATERIALIZED VIEW"),
    DROP_INDEX("DROP INDEX CONCURRENTLY"),
    ADD_VALUE("ALTER TYPE"),
    CHECKPOINT("CHECKPOINT");

    private final String words;

    Action(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /**
   * Reads a statement.
   *
   * @param values what {@code :name} may stand for elsewhere in the file
   * @throws RefusedException if it may not be repeated, or is more than one
   */
  static OutsideStatement of(String sql, Map<String, Object> values) {
    var template = SqlTemplate.parse(sql, values);
    if (!template.parameters().isEmpty()) {
      throw new RefusedException(
          "expected no values, found ':%s': such a statement takes none. Write it out"
              .formatted(template.parameters().get(0)));
    }
    var words = Words.of(template);
    return switch (words.next()) {
      case "VACUUM" -> vacuum(sql, words);
      case "ANALYZE", "ANALYSE" -> analyze(sql, words);
      case "REINDEX" -> reindex(sql, words);
      case "CLUSTER" -> cluster(sql, words);
      case "REFRESH" -> refresh(sql, words);
      case "CHECKPOINT" -> new OutsideStatement(sql, Action.CHECKPOINT, List.of(), false);
      case "DROP" -> dropIndex(sql, words, template);
      case "ALTER" -> alterType(sql, words, template);
      default -> throw refused(template);
    };
  }

  private static OutsideStatement vacuum(String sql, Words words) {
    var full = words.peek().equals("(") ? isOn(words.parenthesized(), "FULL") : false;
    while (VACUUM_WORDS.contains(words.peek())) {
      full |= words.next().equals("FULL");
    }
    return new OutsideStatement(sql, Action.VACUUM, tables("VACUUM", words), full);
  }

  private static OutsideStatement analyze(String sql, Words words) {
    isOn(words.parenthesized(), "");
    words.accept("VERBOSE");
    return new OutsideStatement(sql, Action.ANALYZE, tables("ANALYZE", words), false);
  }

  /** Whether an option is there and not turned off. */
  private static boolean isOn(List<Words> options, String wanted) {
    var on = false;
    for (var option : options) {
      var name = option.next();
      var isOn = !OFF.contains(option.peek());
      if (name.equals("SKIP_LOCKED") && isOn) {
        throw new RefusedException(
            "expected no SKIP_LOCKED: what it skips would not be done. Leave it out");
      }
      on |= name.equals(wanted) && isOn;
    }
    return on;
  }

  private static List<String> tables(String verb, Words words) {
    if (words.atEnd()) {
      throw new RefusedException(
          "expected tables after %s: without, it takes all tables of the database, and skips those that the role may not. Name them"
              .formatted(verb));
    }
    var tables = new ArrayList<String>();
    for (var table : words.list()) {
      table.accept("ONLY");
      tables.add(table.name());
    }
    return tables;
  }

  private static OutsideStatement reindex(String sql, Words words) {
    var concurrently = isOn(words.parenthesized(), "CONCURRENTLY");
    var kind = words.next();
    if (!kind.equals("INDEX") && !kind.equals("TABLE")) {
      throw new RefusedException(
          "expected REINDEX INDEX or REINDEX TABLE, found REINDEX %s, which skips what it cannot do. Name the tables, each with a statement of its own"
              .formatted(kind));
    }
    concurrently |= words.accept("CONCURRENTLY");
    var action = kind.equals("INDEX") ? Action.REINDEX_INDEX : Action.REINDEX_TABLE;
    return new OutsideStatement(sql, action, List.of(words.name()), !concurrently);
  }

  private static OutsideStatement cluster(String sql, Words words) {
    isOn(words.parenthesized(), "");
    words.accept("VERBOSE");
    if (words.atEnd()) {
      throw new RefusedException(
          "expected a table after CLUSTER: without, it takes all tables that were clustered before. Name it");
    }
    var name = words.name();
    var table = words.accept("ON") ? words.name() : name;
    return new OutsideStatement(sql, Action.CLUSTER, List.of(table), true);
  }

  private static OutsideStatement refresh(String sql, Words words) {
    words.accept("MATERIALIZED", "VIEW");
    var concurrently = words.accept("CONCURRENTLY");
    return new OutsideStatement(sql, Action.REFRESH, List.of(words.name()), !concurrently);
  }

  private static OutsideStatement dropIndex(String sql, Words words, SqlTemplate template) {
    if (!words.accept("INDEX", "CONCURRENTLY", "IF", "EXISTS")) {
      throw refused(template);
    }
    return new OutsideStatement(sql, Action.DROP_INDEX, List.of(words.name()), false);
  }

  private static OutsideStatement alterType(String sql, Words words, SqlTemplate template) {
    if (words.accept("TYPE")) {
      var type = words.name();
      if (words.accept("ADD", "VALUE", "IF", "NOT", "EXISTS")) {
        return new OutsideStatement(sql, Action.ADD_VALUE, List.of(type), false);
      }
    }
    throw refused(template);
  }

  private static RefusedException refused(SqlTemplate template) {
    var words = Words.of(template);
    var found = (words.next() + " " + words.next()).strip();
    return new RefusedException(EXPECTED.formatted(found, hint(template)));
  }

  private static String hint(SqlTemplate template) {
    var keyword = template.keyword();
    if (TRANSACTIONS.contains(keyword)) {
      return "There is no transaction to begin or end";
    }
    if (keyword.equals("SET") || keyword.equals("RESET")) {
      return "Each statement has a session of its own, on which a setting would be lost";
    }
    if (template.contains("INDEX")) {
      return keyword.equals("CREATE")
          ? "Build an index with 'create-index:', which finds what an earlier try has left"
          : "Drop an index with: DROP INDEX CONCURRENTLY IF EXISTS";
    }
    if (keyword.equals("CALL") || keyword.equals("DO")) {
      return "What commits in between would begin again after a crash; chunks with 'read:' and 'write:' go on where they were";
    }
    return "'run:' has statements that run in one transaction";
  }

  /** Whether it leaves INVALID indexes where it is broken off. */
  boolean leavesIndexes() {
    return !locks && (action == Action.REINDEX_INDEX || action == Action.REINDEX_TABLE);
  }

  /** What does the same without the lock. */
  String cure() {
    return switch (action) {
      case REINDEX_INDEX, REINDEX_TABLE -> "Use " + action.words() + " CONCURRENTLY";
      case REFRESH ->
          "Use REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on the view";
      default -> "VACUUM without FULL lets it work, and gives space back for new rows";
    };
  }
}
