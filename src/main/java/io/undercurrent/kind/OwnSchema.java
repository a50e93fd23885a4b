package io.undercurrent.kind;

import io.undercurrent.sql.SetColumns;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.SqlTemplate;
import java.util.List;
import java.util.regex.Pattern;

/** Undercurrent's own schema, which the first start of a job makes. */
final class OwnSchema {

  private static final String NAME = "undercurrent";
  private static final String NO_SCHEMA = "3F000";
  private static final Pattern ITSELF = Pattern.compile("(?<![\\w.])undercurrent(?![\\w.])");

  /** A relation, function or type, after a blank or a quotation mark of any language. */
  private static final Pattern OF_IT = Pattern.compile("(?<![\\w.(])undercurrent\\.\\w");

  private OwnSchema() {}

  /**
   * Whether what the server misses would be in the schema. Its message alone does not say: a table
   * may be called {@code "undercurrent.archive"}.
   */
  static boolean isMeant(Sql sql, String message, String sqlState) {
    var pattern = sqlState.equals(NO_SCHEMA) ? ITSELF : OF_IT;
    return pattern.matcher(message).find() && isNamedIn(sql);
  }

  private static boolean isNamedIn(Sql sql) {
    var tokens = new SqlTemplate(sql.text(), List.of()).tokens();
    for (int i = 0; i < tokens.size(); i++) {
      var qualifies = i + 1 < tokens.size() && tokens.get(i + 1).equals(".");
      if (qualifies && SetColumns.name(tokens.get(i)).equals(NAME)
          || tokens.get(i).startsWith("'" + NAME + ".")) {
        return true;
      }
    }
    return false;
  }
}
