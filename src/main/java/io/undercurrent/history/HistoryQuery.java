package io.undercurrent.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.springframework.core.io.ClassPathResource;

/**
 * The query over the batch tables as text that psql runs as it is: the text of the view {@code
 * undercurrent.update_history} with the conditions of a filter as literals.
 */
final class HistoryQuery {

  private static final String FILE = "db/changelog/0014-update-history.sql";
  private static final String HEAD = "CREATE OR REPLACE VIEW undercurrent.update_history AS\n";
  private static final String RUNS = runs();

  private HistoryQuery() {}

  /** The file's first statement without its first line. */
  private static String runs() {
    try {
      var file = new ClassPathResource(FILE).getContentAsString(StandardCharsets.UTF_8);
      var begin = file.indexOf(HEAD) + HEAD.length();
      return file.substring(begin, file.indexOf(";\n", begin));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String of(Filter filter) {
    var conditions = new ArrayList<String>();
    if (filter.update() != null) {
      conditions.add("update_name = " + literal(filter.update()));
    }
    if (filter.since() != null) {
      conditions.add("queued_at >= timestamptz " + literal(filter.since().toString()));
    }
    if (filter.failed()) {
      conditions.add("last_error IS NOT NULL");
    }
    return """
    WITH update_history AS (
    %s
    )
    SELECT *
      FROM update_history
    %s ORDER BY queued_at DESC, run DESC, update_name
     LIMIT %d"""
        .formatted(
            RUNS.indent(2).stripTrailing(),
            conditions.isEmpty() ? "" : " WHERE " + String.join("\n   AND ", conditions) + "\n",
            filter.limit());
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
