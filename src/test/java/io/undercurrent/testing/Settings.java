package io.undercurrent.testing;

import io.undercurrent.database.Database;

/** Settings that new sessions begin with. */
public final class Settings {

  private Settings() {}

  public static void ofDatabase(Database database, String name, String value) {
    Rows.run(
        database,
        """
        DO $do$
        BEGIN
          EXECUTE format('ALTER DATABASE %%I SET %s = %%L', current_database(), '%s');
        END
        $do$"""
            .formatted(name, value));
  }
}
