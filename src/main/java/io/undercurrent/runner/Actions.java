package io.undercurrent.runner;

import io.undercurrent.database.Database;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Records who changed what, in the transaction of the change. */
final class Actions {

  private final Database database;
  private final Operator operator;

  Actions(Database database, Operator operator) {
    this.database = database;
    this.operator = operator;
  }

  void record(Change change) {
    database
        .jdbc()
        .sql(
            """
            INSERT INTO undercurrent.actions
              (operator, came_by, address, action, subject, before, after, reason)
            VALUES (:operator, :cameBy, :address, :action, :subject, :before, :after, :reason)""")
        .param("operator", operator.name())
        .param("cameBy", operator.cameBy().name().toLowerCase(Locale.ROOT))
        .param("address", operator.address())
        .param("action", change.action)
        .param("subject", change.subject)
        .param("before", change.before)
        .param("after", change.after)
        .param("reason", change.reason)
        .update();
  }

  /**
   * What was changed.
   *
   * @param action in a word, that of the verb
   * @param subject the job or the update, or null for all updates
   * @param before what was the case, or null if nothing was
   * @param after what is so now, or null if nothing is
   * @param reason why, if somebody said so
   */
  record Change(
      String action,
      @Nullable String subject,
      @Nullable String before,
      @Nullable String after,
      @Nullable String reason) {}
}
