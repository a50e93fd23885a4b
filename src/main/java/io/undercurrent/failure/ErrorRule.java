package io.undercurrent.failure;

import java.util.List;

/**
 * A line of the table of errors.
 *
 * @param sqlStates SQLSTATEs, or the first characters that several have in common
 * @param error what they mean, for operators
 * @param reaction what is done about them
 */
public record ErrorRule(List<String> sqlStates, String error, Reaction reaction) {

  ErrorRule(String error, Reaction reaction, String... sqlStates) {
    this(List.of(sqlStates), error, reaction);
  }

  boolean isFor(String sqlState) {
    return sqlStates.stream().anyMatch(sqlState::startsWith);
  }
}
