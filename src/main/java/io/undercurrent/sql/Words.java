package io.undercurrent.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Goes through the words of a statement that has no plan, such as ALTER TABLE. Keywords are in
 * capitals; what stands in quotes is as it is written.
 */
public final class Words {

  private final SqlTemplate statement;
  private final List<SqlTemplate.Token> tokens;
  private int cursor;

  private Words(SqlTemplate statement, List<SqlTemplate.Token> tokens) {
    this.statement = statement;
    this.tokens = tokens;
  }

  public static Words of(SqlTemplate statement) {
    return new Words(statement, statement.located());
  }

  /** The same from here on, to look ahead with. */
  public Words rest() {
    return new Words(statement, tokens.subList(Math.min(cursor, tokens.size()), tokens.size()));
  }

  public boolean atEnd() {
    return cursor >= tokens.size();
  }

  /** The next word, or an empty one at the end. */
  public String peek() {
    return peek(0);
  }

  private String peek(int ahead) {
    var i = cursor + ahead;
    return i < tokens.size() ? folded(tokens.get(i).text()) : "";
  }

  private static String folded(String token) {
    return token.startsWith("\"") || token.startsWith("'") ? token : token.toUpperCase(Locale.ROOT);
  }

  /** Passes the next word, whatever it is. */
  public String next() {
    var word = peek();
    cursor++;
    return word;
  }

  /** Passes these words if they come next; else none. */
  public boolean accept(String... words) {
    for (int i = 0; i < words.length; i++) {
      if (!peek(i).equals(words[i])) {
        return false;
      }
    }
    cursor += words.length;
    return true;
  }

  /** Passes one of these words if it comes next. */
  public boolean acceptAny(Set<String> words) {
    var found = words.contains(peek());
    cursor += found ? 1 : 0;
    return found;
  }

  /** Passes a name, with its schema if it has one; returns it as it is written. */
  public String name() {
    var name = new StringBuilder(written());
    while (accept(".")) {
      name.append('.').append(written());
    }
    return name.toString();
  }

  private String written() {
    return atEnd() ? "" : tokens.get(cursor++).text();
  }

  /** Passes parentheses with all that is in them, if they come next; returns what was in them. */
  public List<Words> parenthesized() {
    if (!accept("(")) {
      return List.of();
    }
    var inside = upToClosing().list();
    cursor++;
    return inside;
  }

  private Words upToClosing() {
    var start = cursor;
    for (int depth = 0; !atEnd() && !(depth == 0 && peek().equals(")")); cursor++) {
      depth += depth(peek());
    }
    return new Words(statement, tokens.subList(start, cursor));
  }

  /** The rest, as parts that commas outside of parentheses separate. */
  public List<Words> list() {
    var parts = new ArrayList<Words>();
    var start = cursor;
    var depth = 0;
    for (; !atEnd(); cursor++) {
      depth += depth(peek());
      if (depth == 0 && peek().equals(",")) {
        parts.add(new Words(statement, tokens.subList(start, cursor)));
        start = cursor + 1;
      }
    }
    parts.add(new Words(statement, tokens.subList(start, tokens.size())));
    return parts;
  }

  /** Passes what comes before one of these words, outside of parentheses, or all that is left. */
  public String before(Set<String> ends) {
    var start = cursor;
    var depth = 0;
    while (!atEnd() && !(depth == 0 && cursor > start && ends.contains(peek()))) {
      depth += depth(next());
    }
    return start == cursor ? "" : text(start, cursor - 1);
  }

  /** Whether these words come somewhere in the rest, outside of parentheses. */
  public boolean has(String... words) {
    return rest().skipTo(words);
  }

  /** Goes behind these words, outside of parentheses; else to the end. */
  public boolean skipTo(String... words) {
    for (int depth = 0; !atEnd(); cursor++) {
      if (depth == 0 && accept(words)) {
        return true;
      }
      depth += depth(peek());
    }
    return false;
  }

  private String text(int first, int last) {
    var end = tokens.get(last);
    return statement.text().substring(tokens.get(first).start(), end.start() + end.text().length());
  }

  private static int depth(String word) {
    return switch (word) {
      case "(", "[" -> 1;
      case ")", "]" -> -1;
      default -> 0;
    };
  }
}
