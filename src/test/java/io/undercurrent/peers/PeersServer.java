package io.undercurrent.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.Home;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The embedded server, with fsync and 512 MB of shared buffers. So that no checkpoint and no
 * autovacuum falls upon one contender and spares the next, WAL may grow to 8 GB and autovacuum is
 * off; each table is vacuumed, analyzed and followed by a CHECKPOINT before anybody works on it.
 */
final class PeersServer implements AutoCloseable {

  /** Whether the server's log, {@code target/peers-postgres.log}, has each statement and plan. */
  private static final boolean EXPLAINED = Boolean.getBoolean("peers.explain");

  private final Home home;
  private final Databases databases;
  private final Database database;

  PeersServer(Path directory) {
    home = new Home(directory);
    databases = Databases.embedded(home, starting -> {});
    database = databases.main();
    database.prepare();
    Rows.run(
        database,
        "ALTER SYSTEM SET max_wal_size = '8GB'",
        "ALTER SYSTEM SET checkpoint_timeout = '1h'",
        "ALTER SYSTEM SET autovacuum = off",
        "DO $$ BEGIN PERFORM pg_reload_conf(); END $$");
    if (EXPLAINED) {
      Rows.run(
          database,
          "ALTER SYSTEM SET log_min_duration_statement = 0",
          "ALTER SYSTEM SET log_line_prefix = '%m [%p] '",
          "ALTER DATABASE undercurrent SET session_preload_libraries = 'auto_explain'",
          "ALTER DATABASE undercurrent SET auto_explain.log_min_duration = '5ms'",
          "ALTER DATABASE undercurrent SET auto_explain.log_analyze = on",
          "ALTER DATABASE undercurrent SET auto_explain.log_timing = off",
          "ALTER DATABASE undercurrent SET auto_explain.log_nested_statements = on",
          "DO $$ BEGIN PERFORM pg_reload_conf(); END $$");
    }
  }

  Database database() {
    return database;
  }

  /** Makes the workload's table anew; all contenders find the same files. */
  void renew(Workload workload, int rows) {
    Rows.run(database, "DROP TABLE IF EXISTS work", workload.create());
    database.jdbc().sql(workload.fill()).param(rows).update();
    settle("work");
    assertThat(left(workload)).isPositive();
  }

  /** Has nothing left to do for the server that an earlier statement was the cause of. */
  void settle(String table) {
    Rows.run(database, "VACUUM (ANALYZE) " + table, "CHECKPOINT");
  }

  /** How many rows the workload still has to change. */
  long left(Workload workload) {
    return number(workload.done());
  }

  long number(String sql) {
    return database.jdbc().sql(sql).query(Long.class).single();
  }

  @Override
  public void close() throws IOException {
    databases.close();
    if (EXPLAINED) {
      Files.copy(
          home.logs().resolve("postgres.log"),
          Path.of("target/peers-postgres.log"),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
