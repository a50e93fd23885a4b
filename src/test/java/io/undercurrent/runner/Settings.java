package io.undercurrent.runner;

import io.undercurrent.database.Database;
import io.undercurrent.database.Rows;

/** Settings that new sessions begin with. */
final class Settings {

  private Settings() {}

  static void ofDatabase(Database database, String name, String value) {
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
