package io.undercurrent.sql;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

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

  /** The names after a colon: parameters, and the types of {@code ::text}. */
  public static Set<String> parameters(String sql) {
    var tokens = tokens(sql);
    return IntStream.range(1, tokens.size())
        .filter(i -> tokens.get(i - 1).equals(":"))
        .mapToObj(tokens::get)
        .collect(toSet());
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
