package io.undercurrent.testing;

import io.undercurrent.database.Database;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a database holds, in text form, for assertions. */
public final class Rows {

  private Rows() {}

  /** The one column of a query's rows. */
  public static List<@Nullable String> of(Database database, String sql) {
    return database.jdbc().sql(sql).query((row, number) -> row.getString(1)).list();
  }

  /** Waits until a query has rows: of what other processes, sessions and threads do. */
  public static void await(Database database, String sql) {
    Engine.await().until(() -> !of(database, sql).isEmpty());
  }

  /** Waits until a query has no rows any more. */
  public static void awaitNone(Database database, String sql) {
    Engine.await().until(() -> of(database, sql).isEmpty());
  }

  /** Runs statements, each on its own. */
  public static void run(Database database, String... statements) {
    for (var sql : statements) {
      database.jdbc().sql(sql).update();
    }
  }
}
