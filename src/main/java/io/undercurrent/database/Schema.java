package io.undercurrent.database;

import io.undercurrent.database.Changesets.Changeset;
import java.sql.Connection;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import liquibase.UpdateSummaryEnum;
import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.SpringLiquibase;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A part of Undercurrent's schema in a target database, with what it builds on. */
final class Schema {

  /** The advisory lock of the session that changes the schema: "undercur" in ASCII. */
  static final long LOCK = 0x756e646572637572L;

  private static final org.slf4j.Logger log = LoggerFactory.getLogger(Schema.class);

  private static final String NAME = "undercurrent";
  private static final String INSUFFICIENT_PRIVILEGE = "42501";
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  // Held here because java.util.logging forgets the level of a logger that is not referenced.
  private static final Logger LIQUIBASE = Logger.getLogger("liquibase");

  static {
    LIQUIBASE.setLevel(Level.WARNING);
  }

  private final String database;
  private final List<Changelog> changelogs;
  private final SingleConnectionDataSource session;
  private final JdbcClient jdbc;

  Schema(String database, Changelog changelog, Connection connection) {
    this.database = database;
    this.changelogs = changelog.all();
    this.session = new SingleConnectionDataSource(connection, true);
    this.jdbc = JdbcClient.create(session);
  }

  /** Creates the schema or brings it up to date; leaves all others alone. */
  void prepare() {
    try {
      if (!allApplied()) {
        update();
      }
    } catch (DataAccessException | LiquibaseException e) {
      throw explain(e);
    }
    requireOtherDefaultSchema();
  }

  /** Whether nothing has to be done; refuses a schema that a newer Undercurrent has changed. */
  boolean isUpToDate() {
    try {
      return allApplied();
    } catch (DataAccessException e) {
      throw explain(e);
    }
  }

  /** Refuses the schema of an older version: read as if it were not there, its queue is empty. */
  void requireUpToDateIfThere() {
    var applied = applied();
    if (!applied.fingerprints().isEmpty() && !changesets().allMatch(applied::has)) {
      throw new RefusedException(
          "Database '%s': the schema undercurrent is another version's. Bring it up to date with: run, serve, or the console"
              .formatted(database));
    }
  }

  private boolean allApplied() {
    return changesets().allMatch(applied()::has);
  }

  private Stream<Changeset> changesets() {
    return changelogs.stream().flatMap(changelog -> Changesets.of(changelog).stream());
  }

  private AppliedChangesets applied() {
    return AppliedChangesets.read(database, jdbc);
  }

  // The advisory lock lives and dies with the session that changes the schema, so the session that
  // gets it
  // knows that the owner of a changelog lock is gone.
  private void update() throws LiquibaseException {
    jdbc.sql("SET lock_timeout = '30s'").update();
    // A role may have shorter ones.
    jdbc.sql(
            """
            SELECT set_config(name, '0', false)
              FROM pg_settings
             WHERE name IN ('statement_timeout', 'transaction_timeout')""")
        .query()
        .listOfRows();
    jdbc.sql("SELECT pg_advisory_lock(:key)").param("key", LOCK).query().singleRow();
    try {
      createSchema();
      // The lock's last holder may have done the work, and may be newer than we are.
      if (!allApplied()) {
        releaseChangelogLock();
        for (var changelog : changelogs) {
          liquibase(changelog).afterPropertiesSet();
        }
        changesets()
            .filter(Changeset::mayChange)
            .forEach(each -> AppliedChangesets.note(each, jdbc));
      }
    } finally {
      unlock();
    }
  }

  /** Makes what is missing in the caller's transaction, which will be rolled back. */
  void rehearse() {
    try {
      jdbc.sql("SET LOCAL lock_timeout = '30s'").update();
      jdbc.sql("SELECT pg_advisory_xact_lock(:key)").param("key", LOCK).query().singleRow();
      createSchema();
      var applied = applied();
      changesets()
          .filter(changeset -> !applied.has(changeset))
          .forEach(changeset -> new JdbcTemplate(session).execute(changeset.sql()));
    } catch (DataAccessException e) {
      throw explain(e);
    }
  }

  // A pooler may keep the session after we leave.
  private void unlock() {
    try {
      jdbc.sql("SELECT pg_advisory_unlock(:key)").param("key", LOCK).query().singleRow();
    } catch (DataAccessException e) {
      log.debug("The session is lost, and its locks with it", e);
    }
  }

  // IF NOT EXISTS needs the privilege to create schemas even if nothing is created.
  private void createSchema() {
    var exists =
        jdbc.sql("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = :name)")
            .param("name", NAME)
            .query(Boolean.class)
            .single();
    if (!exists) {
      jdbc.sql("CREATE SCHEMA " + NAME).update();
    }
  }

  private void releaseChangelogLock() {
    if (exists("databasechangeloglock")) {
      jdbc.sql(
              """
              UPDATE undercurrent.databasechangeloglock
                 SET locked = false, lockgranted = NULL, lockedby = NULL
               WHERE locked""")
          .update();
    }
  }

  private boolean exists(String table) {
    return jdbc.sql(
            "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = :schema AND tablename = :table)")
        .param("schema", NAME)
        .param("table", table)
        .query(Boolean.class)
        .single();
  }

  private SpringLiquibase liquibase(Changelog changelog) {
    var liquibase = new SpringLiquibase();
    liquibase.setDataSource(session);
    liquibase.setChangeLog("classpath:" + changelog.file());
    liquibase.setResourceLoader(new DefaultResourceLoader());
    liquibase.setLiquibaseSchema(NAME);
    liquibase.setShowSummary(UpdateSummaryEnum.OFF);
    liquibase.setAnalyticsEnabled(false);
    return liquibase;
  }

  // A role called undercurrent has "$user" in its search path: a job's unqualified names would
  // mean our tables.
  private void requireOtherDefaultSchema() {
    var defaultSchema = jdbc.sql("SELECT current_schema()").query(String.class).optional();
    if (defaultSchema.filter(NAME::equals).isPresent()) {
      throw new RefusedException(
          "Database '%s': expected a default schema other than %s, which does not hold the jobs' tables. Log in as another role, or: ALTER ROLE CURRENT_USER SET search_path = public"
              .formatted(database, NAME));
    }
  }

  private RefusedException explain(Exception failure) {
    var sql = SqlFailure.of(failure);
    if (sql.down()) {
      return new DatabaseDownException(
          "Database '%s': the connection was lost while the schema %s was checked: %s"
              .formatted(database, NAME, sql.sentence()),
          failure);
    }
    if (INSUFFICIENT_PRIVILEGE.equals(sql.sqlState())) {
      return new RefusedException(
          "Database '%s': expected a role that may create and use the schema %s, got: %s. Have a superuser run db/grants.sql there"
              .formatted(database, NAME, sql.sentence()),
          failure);
    }
    if (LOCK_NOT_AVAILABLE.equals(sql.sqlState())) {
      return new DatabaseDownException(
          "Database '%s': another session has held a lock on the schema %s for 30 s: %s. Try again, or find it with: SELECT * FROM pg_locks WHERE locktype = 'advisory'"
              .formatted(database, NAME, sql.sentence()),
          failure);
    }
    return new RefusedException(
        "Database '%s': the schema %s cannot be used: %s".formatted(database, NAME, sql.sentence()),
        failure);
  }
}
