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

  /** Runs statements, each on its own. */
  public static void run(Database database, String... statements) {
    for (var sql : statements) {
      database.jdbc().sql(sql).update();
    }
  }
}
