package io.undercurrent.faults.server;

import io.undercurrent.database.Database;
import java.sql.Connection;
import java.sql.SQLException;

/** A time in which the files of a running server may be copied. */
final class ServerBackup {

  private final Connection session;
  private final boolean old;

  ServerBackup(Database superuser) throws SQLException {
    this.session = superuser.connect("backup");
    this.old = session.getMetaData().getDatabaseMajorVersion() < 15;
    try (var statement = session.createStatement()) {
      statement.execute(
          old
              ? "SELECT pg_start_backup('standby', true, false)"
              : "SELECT pg_backup_start('standby', true)");
    }
  }

  /** Ends it; returns what belongs into the file {@code backup_label} of the copy. */
  String end() throws SQLException {
    try (session;
        var statement = session.createStatement();
        var label =
            statement.executeQuery(
                old
                    ? "SELECT labelfile FROM pg_stop_backup(false, false)"
                    : "SELECT labelfile FROM pg_backup_stop(false)")) {
      label.next();
      return label.getString(1);
    }
  }
}
