package io.undercurrent.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.springframework.core.io.ClassPathResource;

/**
 * The query over the batch tables as text that psql runs as it is: the text of the view {@code
 * undercurrent.update_history} with the conditions of a filter as literals.
 */
final class HistoryQuery {

  private static final String CHANGELOG = "db/changelog/0011-changed-rows.sql";
  private static final Pattern VIEW =
      Pattern.compile(
          "CREATE OR REPLACE VIEW undercurrent\\.update_history AS\n(.*?);\n", Pattern.DOTALL);
  private static final String RUNS = runs();

  private HistoryQuery() {}

  private static String runs() {
    try {
      var changelog = new ClassPathResource(CHANGELOG).getContentAsString(StandardCharsets.UTF_8);
      var view = VIEW.matcher(changelog);
      if (!view.find()) {
        throw new IllegalStateException("expected the view update_history in " + CHANGELOG);
      }
      return view.group(1);
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
