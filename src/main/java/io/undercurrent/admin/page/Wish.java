package io.undercurrent.admin.page;

import io.undercurrent.admin.http.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is to be paused or resumed.
 *
 * @param update the update, or null for all of the database
 * @param reason why, or null
 */
record Wish(String database, @Nullable String update, @Nullable String reason) {

  private static final int LONGEST_REASON = 1000;

  /**
   * Reads it from a body.
   *
   * @throws Refusal if something is missing or is not what it should be
   */
  static Wish of(ObjectNode body) {
    var database = text(body, "database");
    if (database == null) {
      throw new Refusal(400, "M_MISSING_PARAM", "Missing params: ['database']");
    }
    var reason = text(body, "reason");
    if (reason != null && reason.length() > LONGEST_REASON) {
      throw refused("'reason' parameter must have at most %d characters".formatted(LONGEST_REASON));
    }
    return new Wish(
        database, text(body, "update"), reason == null || reason.isBlank() ? null : reason.strip());
  }

  /**
   * The same, of one of some databases, and with a name that a statement can be asked about.
   *
   * @throws Refusal if it is not
   */
  Wish checked(List<String> databases) {
    if (update != null && !canBeAName(update)) {
      throw refused("'update' parameter must be the name of an update");
    }
    if (!databases.contains(database)) {
      throw new Refusal(404, "M_NOT_FOUND", "There is no database '%s'".formatted(database));
    }
    return this;
  }

  private static @Nullable String text(ObjectNode body, String name) {
    var value = body.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw refused("'%s' parameter must be a string".formatted(name));
    }
    return value.stringValue();
  }

  /** Without U+0000 and halves of characters. */
  private static boolean canBeAName(String text) {
    return text.indexOf(0) < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  static Refusal refused(String error) {
    return new Refusal(400, "M_UNKNOWN", error);
  }
}
