package io.undercurrent.command;

import io.undercurrent.database.Database;
import io.undercurrent.database.StorableText;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Records who changed what, in the transaction of the change where that is one of the database. */
public final class Actions {

  private final JdbcClient jdbc;
  private final StorableText storable;
  private final Operator operator;

  /**
   * The actions of one operator on one database, which must be {@link Database#prepare prepared}.
   */
  public Actions(JdbcClient jdbc, Operator operator) {
    this.jdbc = jdbc;
    this.storable = new StorableText(jdbc);
    this.operator = operator;
  }

  public void record(Change change) {
    jdbc.sql(
            """
            INSERT INTO undercurrent.actions
              (operator, came_by, address, action, subject, before, after, reason)
            VALUES (:operator, :cameBy, :address, :action, :subject, :before, :after, :reason)""")
        .param("operator", storable.of(operator.name()))
        .param("cameBy", operator.cameBy().name().toLowerCase(Locale.ROOT))
        .param("address", storable.of(operator.address()))
        .param("action", change.action)
        .param("subject", storable.orNull(change.subject))
        .param("before", storable.orNull(change.before))
        .param("after", storable.orNull(change.after))
        .param("reason", storable.orNull(change.reason))
        .update();
  }

  /**
   * What was changed.
   *
   * @param action in a word, that of the verb
   * @param subject the job, the update or the label of the token, or null for all updates
   * @param before what was the case, or null if nothing was
   * @param after what is so now, or null if nothing is
   * @param reason why, if a reason was given
   */
  public record Change(
      String action,
      @Nullable String subject,
      @Nullable String before,
      @Nullable String after,
      @Nullable String reason) {}
}
