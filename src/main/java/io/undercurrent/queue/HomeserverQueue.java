package io.undercurrent.queue;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import java.util.List;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The homeserver's own queue, which it runs itself; it is only read here. */
final class HomeserverQueue {

  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private final String databaseName;
  private final JdbcClient jdbc;

  HomeserverQueue(String databaseName, JdbcClient jdbc) {
    this.databaseName = databaseName;
    this.jdbc = jdbc;
  }

  /**
   * Makes sure that none of the updates waits in it.
   *
   * @throws AlreadyQueuedException if one does
   * @throws RefusedException if it may not be read
   */
  void refuseWhatWaitsThere(List<NewUpdate> updates) {
    waiting(updates).stream()
        .findFirst()
        .ifPresent(
            name -> {
              throw new AlreadyQueuedException(
                  "Update '%s' waits in the homeserver's own queue (public.background_updates) on '%s', which the homeserver runs itself. Let it finish there, then start the job again"
                      .formatted(name, databaseName),
                  null);
            });
  }

  private List<String> waiting(List<NewUpdate> updates) {
    if (!exists()) {
      return List.of();
    }
    try {
      return jdbc.sql(
              "SELECT update_name FROM public.background_updates WHERE update_name IN (:names)")
          .param("names", updates.stream().map(NewUpdate::name).toList())
          .query(String.class)
          .list();
    } catch (DataAccessException e) {
      var failure = SqlFailure.of(e);
      if (INSUFFICIENT_PRIVILEGE.equals(failure.sqlState())) {
        throw new RefusedException(
            "Database '%s': expected a role that may read the homeserver's queue, got: %s. Have a superuser run db/grants.sql there"
                .formatted(databaseName, failure.sentence()),
            e);
      }
      throw e;
    }
  }

  // Another application may have a table of that name.
  private boolean exists() {
    return jdbc.sql(
            """
            SELECT EXISTS (
              SELECT FROM pg_attribute
               WHERE attrelid = to_regclass('public.background_updates')
                 AND attname = 'update_name')""")
        .query(Boolean.class)
        .single();
  }
}
