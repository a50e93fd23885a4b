package io.undercurrent.sql;

import static java.util.stream.Collectors.joining;

import java.util.Collections;
import java.util.List;

/** SQL without what the server does not see: blanks, comments, the case of what is not quoted. */
public final class CanonicalSql {

  private static final String QUOTES = "'\"$";

  private CanonicalSql() {}

  /** Its tokens; those of two texts are equal if they are the same to the server. */
  public static List<String> of(String sql) {
    return tokens(sql).stream()
        .filter(token -> !token.equals(";"))
        .map(CanonicalSql::folded)
        .toList();
  }

  /** Whether {@code :name} stands in it, maybe as the type in {@code ::name}. */
  public static boolean names(String sql, String parameter) {
    var tokens = tokens(sql);
    return Collections.indexOfSubList(tokens, List.of(":", parameter)) >= 0;
  }

  private static List<String> tokens(String sql) {
    return new SqlTemplate(sql, List.of()).tokens();
  }

  private static String folded(String token) {
    return QUOTES.indexOf(token.charAt(0)) >= 0
        ? token
        // as the server does: other letters keep their case
        : token
            .chars()
            .map(c -> c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c)
            .mapToObj(Character::toString)
            .collect(joining());
  }
}
