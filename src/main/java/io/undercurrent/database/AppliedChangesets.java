package io.undercurrent.database;

import io.undercurrent.database.Changesets.Changeset;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The changesets that a database has, as Liquibase's table says.
 *
 * @param fingerprints what each had for statements, by name; empty for those that never change
 */
record AppliedChangesets(Map<String, String> fingerprints) {

  private static final String TABLE =
      "SELECT to_regclass('undercurrent.databasechangelog') IS NOT NULL";

  /**
   * Reads them.
   *
   * @param database what messages call it
   * @throws RefusedException if a newer Undercurrent has applied some
   */
  static AppliedChangesets read(String database, JdbcClient jdbc) {
    var fingerprints = new LinkedHashMap<String, String>();
    if (jdbc.sql(TABLE).query(Boolean.class).single()) {
      jdbc.sql(
              """
              SELECT id, coalesce(tag, '')
                FROM undercurrent.databasechangelog
               WHERE filename LIKE :directory || '%'
               ORDER BY orderexecuted""")
          .param("directory", Changesets.DIRECTORY)
          .query((RowCallbackHandler) row -> fingerprints.put(row.getString(1), row.getString(2)));
    }
    var applied = new AppliedChangesets(fingerprints);
    applied.refuseUnknown(database);
    return applied;
  }

  private void refuseUnknown(String database) {
    var unknown = new LinkedHashSet<>(fingerprints.keySet());
    Changesets.names(List.of(Changelog.values())).forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      var known = Changesets.names(List.of(Changelog.ENGINE));
      throw new RefusedException(
          "Database '%s': a newer Undercurrent has changed the schema undercurrent; expected no changeset after '%s', found '%s'. Use the newer Undercurrent"
              .formatted(database, known.get(known.size() - 1), String.join("', '", unknown)));
    }
  }

  /** Whether it was applied, with the statements that it has in this version. */
  boolean has(Changeset changeset) {
    return changeset.mayChange()
        ? changeset.fingerprint().equals(fingerprints.get(changeset.name()))
        : fingerprints.containsKey(changeset.name());
  }

  /**
   * Notes which statements a changeset had. Liquibase's own checksum would cost each start the time
   * in which Liquibase reads the files.
   */
  static void note(Changeset changeset, JdbcClient jdbc) {
    jdbc.sql("UPDATE undercurrent.databasechangelog SET tag = :fingerprint WHERE id = :name")
        .param("fingerprint", changeset.fingerprint())
        .param("name", changeset.name())
        .update();
  }
}
