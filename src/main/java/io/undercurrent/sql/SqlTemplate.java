package io.undercurrent.sql;

import io.undercurrent.database.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A statement of a job file in the form that JDBC takes: {@code :name} has become {@code ?}, and
 * operators with a question mark are escaped. What stands in quotes and comments is left alone.
 *
 * @param text the SQL for JDBC, without a trailing semicolon
 * @param parameters the names of its parameters, one for each {@code ?}
 */
public record SqlTemplate(String text, List<String> parameters) {

  /** What a statement begins with that has a plan. */
  private static final Set<String> PLANNED =
      Set.of("WITH", "SELECT", "INSERT", "UPDATE", "DELETE", "MERGE");

  /** What may follow a WITH. */
  private static final Set<String> MAIN =
      Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "TABLE");

  /** Before these words a name stands, whatever it looks like. */
  private static final Set<String> BEFORE_NAMES = Set.of("WITH", "RECURSIVE", ",");

  private static final Pattern DOLLAR_QUOTE = Pattern.compile("\\$(?:[A-Za-z_][A-Za-z_0-9]*)?\\$");

  /**
   * Reads a statement.
   *
   * @param values what {@code :name} may stand for
   * @throws RefusedException if a {@code :name} is unknown or there is a second statement
   */
  public static SqlTemplate parse(String sql, Map<String, ?> values) {
    var text = new StringBuilder();
    var parameters = new ArrayList<String>();
    var ended = false;
    for (int start = 0, end; start < sql.length(); start = end) {
      end = endOfToken(sql, start);
      var token = sql.substring(start, end);
      if (token.equals(";")) {
        ended = true;
      } else if (ended && !isBlank(token)) {
        throw new RefusedException(
            "expected one statement, found a second one after ';'. Make it a list with an entry for each");
      } else if (token.equals("?")) {
        text.append("??");
      } else if (beginsParameter(sql, start)) {
        parameters.add(known(token.substring(1), values));
        text.append('?');
      } else {
        text.append(token);
      }
    }
    return new SqlTemplate(text.toString().strip(), List.copyOf(parameters));
  }

  private static String known(String name, Map<String, ?> values) {
    if (!values.containsKey(name)) {
      throw new RefusedException(
          "unknown value ':%s'; known are %s. Add it under 'values:'"
              .formatted(name, values.keySet()));
    }
    return name;
  }

  /** Where the parameters stand in SQL for JDBC. */
  static List<Integer> placeholders(String sql) {
    var places = new ArrayList<Integer>();
    for (int i = 0; i < sql.length(); ) {
      var opaque = endOfOpaque(sql, i);
      if (opaque > 0) {
        i = opaque;
      } else if (sql.startsWith("??", i)) {
        i += 2;
      } else {
        if (sql.charAt(i) == '?') {
          places.add(i);
        }
        i++;
      }
    }
    return places;
  }

  /** The end of a quoted text, a comment, a parameter, or else a single character. */
  private static int endOfToken(String sql, int start) {
    var opaque = endOfOpaque(sql, start);
    if (opaque > 0) {
      return opaque;
    }
    return beginsParameter(sql, start) ? endOfName(sql, start + 1) : start + 1;
  }

  private static boolean isBlank(String token) {
    return token.isBlank() || token.startsWith("--") || token.startsWith("/*");
  }

  private static boolean beginsParameter(String sql, int i) {
    return sql.charAt(i) == ':'
        && i + 1 < sql.length()
        && Character.isLetter(sql.charAt(i + 1))
        && (i == 0 || !isNamePart(sql.charAt(i - 1)) && ":])".indexOf(sql.charAt(i - 1)) < 0);
  }

  private static int endOfName(String sql, int start) {
    var end = start;
    while (end < sql.length() && isNamePart(sql.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  /** The end of the quoted text or comment that begins here, or -1 if none does. */
  private static int endOfOpaque(String sql, int start) {
    var c = sql.charAt(start);
    if (c == '\'') {
      return endOfQuoted(sql, start, '\'', hasEscapes(sql, start));
    }
    if (c == '"') {
      return endOfQuoted(sql, start, '"', false);
    }
    if (sql.startsWith("--", start)) {
      var newline = sql.indexOf('\n', start);
      return newline < 0 ? sql.length() : newline + 1;
    }
    if (sql.startsWith("/*", start)) {
      return endOfComment(sql, start);
    }
    if (c == '$' && (start == 0 || !isNamePart(sql.charAt(start - 1)))) {
      return endOfDollarQuoted(sql, start);
    }
    return -1;
  }

  private static boolean hasEscapes(String sql, int quote) {
    return quote > 0
        && Character.toUpperCase(sql.charAt(quote - 1)) == 'E'
        && (quote == 1 || !isNamePart(sql.charAt(quote - 2)));
  }

  private static int endOfQuoted(String sql, int start, char quote, boolean escapes) {
    for (int i = start + 1; i < sql.length(); i++) {
      var c = sql.charAt(i);
      if (escapes && c == '\\') {
        i++;
      } else if (c == quote && sql.startsWith(String.valueOf(quote), i + 1)) {
        i++;
      } else if (c == quote) {
        return i + 1;
      }
    }
    return sql.length();
  }

  private static int endOfComment(String sql, int start) {
    var depth = 0;
    for (int i = start; i < sql.length() - 1; i++) {
      if (sql.startsWith("/*", i)) {
        depth++;
        i++;
      } else if (sql.startsWith("*/", i)) {
        depth--;
        i++;
        if (depth == 0) {
          return i + 1;
        }
      }
    }
    return sql.length();
  }

  private static int endOfDollarQuoted(String sql, int start) {
    var matcher = DOLLAR_QUOTE.matcher(sql).region(start, sql.length());
    if (!matcher.lookingAt()) {
      return -1;
    }
    var end = sql.indexOf(matcher.group(), matcher.end());
    return end < 0 ? sql.length() : end + matcher.group().length();
  }

  /** Whether it has a plan, which EXPLAIN shows without running it. */
  public boolean isPlanned() {
    return PLANNED.contains(keyword());
  }

  /** The statement's first word in capitals, after comments and parentheses. */
  public String keyword() {
    return word(startOfWord(0));
  }

  /** The word after it, in capitals; empty if there is none. */
  public String secondKeyword() {
    return word(startOfWord(endOfName(text, startOfWord(0))));
  }

  /** The word that says what the whole statement does, after its WITH; empty if none is found. */
  String mainKeyword() {
    if (!keyword().equals("WITH")) {
      return keyword();
    }
    var depth = 0;
    var before = "";
    for (int i = startOfWord(0), end; i < text.length(); i = end) {
      var opaque = endOfOpaque(text, i);
      end = opaque > 0 ? opaque : Math.max(i + 1, endOfName(text, i));
      var token = text.substring(i, end).toUpperCase(Locale.ROOT);
      depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
      if (depth == 0 && MAIN.contains(token) && !BEFORE_NAMES.contains(before)) {
        return token;
      }
      before = isBlank(token) ? before : token;
    }
    return "";
  }

  /**
   * Whether a word stands in it, outside of quotes and comments.
   *
   * @param keyword in capitals
   */
  public boolean contains(String keyword) {
    var start = startOfWord(0);
    while (start < text.length() && !word(start).equals(keyword)) {
      start = startOfWord(endOfName(text, start));
    }
    return start < text.length();
  }

  private String word(int start) {
    return text.substring(start, endOfName(text, start)).toUpperCase(Locale.ROOT);
  }

  private int startOfWord(int from) {
    var i = from;
    while (i < text.length() && !isNamePart(text.charAt(i))) {
      var opaque = endOfOpaque(text, i);
      i = opaque > 0 ? opaque : i + 1;
    }
    return i;
  }

  /** Its names, numbers, quoted texts and single signs, in order, without blanks and comments. */
  public List<String> tokens() {
    return located().stream().map(Token::text).toList();
  }

  /** The same, with their places. */
  List<Token> located() {
    var tokens = new ArrayList<Token>();
    for (int start = 0, end; start < text.length(); start = end) {
      var opaque = endOfOpaque(text, start);
      end = opaque > 0 ? opaque : Math.max(start + 1, endOfIdentifier(start));
      var token = text.substring(start, end);
      if (!isBlank(token)) {
        tokens.add(new Token(token, start));
      }
    }
    return tokens;
  }

  /**
   * A token.
   *
   * @param start where it begins in the statement
   */
  record Token(String text, int start) {}

  private int endOfIdentifier(int start) {
    var end = endOfName(text, start);
    return end > start && text.startsWith("$", end) ? endOfIdentifier(end + 1) : end;
  }

  /**
   * The statement with a common table expression in front of its own.
   *
   * @param expression {@code name(columns) AS (…)}; its parameters come before the statement's
   */
  public String with(String expression) {
    if (!keyword().equals("WITH")) {
      return "WITH " + expression + "\n" + text;
    }
    var own = endOfOwnWith();
    return text.substring(0, own) + " " + expression + "," + text.substring(own);
  }

  private int endOfOwnWith() {
    var end = endOfName(text, startOfWord(0));
    return secondKeyword().equals("RECURSIVE") ? endOfName(text, startOfWord(end)) : end;
  }
}
