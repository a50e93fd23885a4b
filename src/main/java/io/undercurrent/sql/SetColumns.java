package io.undercurrent.sql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The columns that a statement sets in rows that are there: by UPDATE, MERGE and ON CONFLICT DO
 * UPDATE, wherever it stands. What functions, triggers and rules set is not in its text.
 *
 * @param table the table, as SQL names it
 * @param columns as in the catalogue
 */
public record SetColumns(String table, Set<String> columns) {

  public static List<SetColumns> of(SqlTemplate statement) {
    return new Search(statement.tokens()).found();
  }

  /** What a name in SQL is called in the catalogue. */
  public static String name(String token) {
    return token.startsWith("\"") && token.length() > 1
        ? token.substring(1, token.length() - 1).replace("\"\"", "\"")
        : folded(token);
  }

  private static String folded(String token) {
    return token.startsWith("\"") ? token : token.toLowerCase(Locale.ROOT);
  }

  /** Goes through a statement's tokens, which are in small letters where they are not quoted. */
  private static final class Search {

    private static final Set<String> END_OF_LIST = Set.of("from", "where", "returning", "when");

    private final List<String> tokens;
    private final List<SetColumns> found = new ArrayList<>();

    /** What is inserted or merged into, for each pair of parentheses around the cursor. */
    private final Deque<String> targets = new ArrayDeque<>();

    private int cursor;

    Search(List<String> tokens) {
      this.tokens = tokens.stream().map(SetColumns::folded).toList();
      targets.push("");
    }

    List<SetColumns> found() {
      for (int i = 0; i < tokens.size(); i++) {
        cursor = i + 1;
        var before = token(i - 1);
        switch (token(i)) {
          case "(" -> targets.push("");
          case ")" -> targets.poll();
          case "into" -> {
            if (before.equals("insert") || before.equals("merge")) {
              targets.poll();
              targets.push(table());
            }
          }
          case "update" -> {
            if (before.equals("do") || before.equals("then")) {
              addList(String.valueOf(targets.peek()));
            } else {
              addList(tableWithAlias());
            }
          }
          default -> {}
        }
      }
      return found;
    }

    private String tableWithAlias() {
      var table = table();
      accept("*");
      if (accept("as") || !token(cursor).equals("set")) {
        cursor++;
      }
      return table;
    }

    private String table() {
      accept("only");
      var parenthesized = accept("(");
      var name = new StringBuilder(next());
      while (accept(".")) {
        name.append('.').append(next());
      }
      if (parenthesized) {
        accept(")");
      }
      return name.toString();
    }

    private void addList(String table) {
      if (!accept("set")) {
        return;
      }
      var columns = new HashSet<String>();
      do {
        addColumns(columns);
      } while (skipsToNext());
      found.add(new SetColumns(table, columns));
    }

    /** What is left of an equals sign: {@code a}, {@code a.field}, {@code a[1]}, {@code (a, b)}. */
    private void addColumns(Set<String> columns) {
      var many = accept("(");
      columns.add(name(next()));
      var depth = 0;
      while (many && cursor < tokens.size() && !(depth == 0 && token(cursor).equals(")"))) {
        var token = next();
        depth += depth(token);
        if (depth == 0 && token.equals(",")) {
          columns.add(name(next()));
        }
      }
    }

    /** Passes an expression; whether it ends with the comma before another column. */
    private boolean skipsToNext() {
      var depth = 0;
      var cases = 0;
      // The rest of a list of columns closes its own parenthesis first.
      accept(")");
      while (cursor < tokens.size() && depth >= 0) {
        var before = token(cursor - 1);
        var token = next();
        depth += depth(token);
        cases += token.equals("case") ? 1 : token.equals("end") ? -1 : 0;
        if (depth == 0 && token.equals(",")) {
          return true;
        }
        if (depth == 0 && cases == 0 && END_OF_LIST.contains(token) && !before.equals("distinct")) {
          return false;
        }
      }
      return false;
    }

    private static int depth(String token) {
      return switch (token) {
        case "(", "[" -> 1;
        case ")", "]" -> -1;
        default -> 0;
      };
    }

    private boolean accept(String token) {
      var found = token(cursor).equals(token);
      if (found) {
        cursor++;
      }
      return found;
    }

    private String next() {
      return token(cursor++);
    }

    private String token(int i) {
      return i >= 0 && i < tokens.size() ? tokens.get(i) : "";
    }
  }
}
