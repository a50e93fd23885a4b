package io.undercurrent.health;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a signal is asked with.
 *
 * @param jdbc the watch's session
 * @param update the update that the runner has in hand, or null if none; in {@code health} the one
 *     that is current
 * @param tables the tables that it writes to, as the server writes their names ({@code
 *     public."Users"}); empty if that is not known
 */
public record Look(JdbcClient jdbc, @Nullable String update, List<String> tables) {

  /** Why there is nothing to say about those tables, in a clause. */
  static final String NO_TABLES = "no update is in hand, or which tables it changes is not known";
}
