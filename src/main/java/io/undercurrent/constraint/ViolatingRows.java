package io.undercurrent.constraint;

import static java.util.stream.Collectors.joining;

import io.undercurrent.ddl.Ddl;
import io.undercurrent.sql.Column;
import io.undercurrent.stop.StopAtBoundaryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Looks for the first rows that a constraint refuses, for messages: for some seconds, no longer.
 */
final class ViolatingRows {

  private static final Logger log = LoggerFactory.getLogger(ViolatingRows.class);

  private static final int MOST = 10;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private ViolatingRows() {}

  /**
   * Looks.
   *
   * @return such as {@code 3 rows, with id 5, 7, 9}; empty if none were found in time
   * @throws StopAtBoundaryException if it was cut
   */
  static Optional<String> find(Ddl ddl, ConstrainedTable table, Violations violations) {
    var found = new ArrayList<String>();
    var names = table.rowNames(ddl.jdbc());
    var key = names.stream().map(Column::quoted).collect(joining(", "));
    var query =
        "SELECT CAST(%s AS text) AS found FROM %s WHERE %s ORDER BY %s LIMIT %d"
            .formatted(
                names.size() == 1 ? key : "ROW(" + key + ")",
                table.qualifiedName(),
                violations.condition(),
                key,
                MOST + 1);
    try {
      ddl.run(
          session -> {
            session.limit(LIMIT);
            session.watched(() -> found.addAll(session.jdbc().queryForList(query, String.class)));
          });
    } catch (DataAccessException e) {
      log.info("The first rows that violate a constraint of {} are not known", table.name(), e);
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(words(names, found));
  }

  private static String words(List<String> names, List<String> found) {
    return "%s with %s %s"
        .formatted(
            found.size() > MOST
                ? "more than %d rows, the first".formatted(MOST)
                : found.size() == 1 ? "1 row," : found.size() + " rows,",
            names.size() == 1 ? names.get(0) : "(" + String.join(", ", names) + ")",
            found.stream().limit(MOST).collect(joining(", ")));
  }
}
