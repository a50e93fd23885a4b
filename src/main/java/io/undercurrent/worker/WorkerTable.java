package io.undercurrent.worker;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The workers that a database's runner may count on.
 *
 * @param jdbc on which the statements run
 */
record WorkerTable(JdbcClient jdbc) {

  /**
   * A worker's entry.
   *
   * @param id tells it apart from all others
   * @param name the process in words
   * @param version of Undercurrent
   */
  record Entry(String id, String name, String host, long pid, String version) {}

  /**
   * Says that a worker is there, in the session that vouches for it.
   *
   * @param lanes how many of its lanes can be asked
   */
  void renew(Entry worker, int lanes) {
    jdbc.sql(
            """
            INSERT INTO undercurrent.workers
                   (worker, name, host, pid, version, lanes, backend_pid, backend_start)
            SELECT :id, :name, :host, :pid, :version, :lanes, session.pid, session.backend_start
              FROM pg_stat_activity session
             WHERE session.pid = pg_backend_pid()
                ON CONFLICT (worker)
                DO UPDATE SET seen_at = clock_timestamp(), lanes = excluded.lanes,
                              backend_pid = excluded.backend_pid,
                              backend_start = excluded.backend_start""")
        .param("id", worker.id())
        .param("name", worker.name())
        .param("host", worker.host())
        .param("pid", worker.pid())
        .param("version", worker.version())
        .param("lanes", lanes)
        .update();
  }

  /** Forgets those that have not been seen for a day. */
  void forgetOld() {
    jdbc.sql(
            "DELETE FROM undercurrent.workers WHERE seen_at < clock_timestamp() - interval '1 day'")
        .update();
  }

  /** Has runners count on others for an update. */
  void unfit(String id, String update, String reason) {
    jdbc.sql(
            """
            UPDATE undercurrent.workers
               SET unfit_for = :update, unfit_because = :reason
             WHERE worker = :id""")
        .param("update", update)
        .param("reason", reason)
        .param("id", id)
        .update();
  }

  /** Has runners count on it for an update again. */
  void fit(String id, String update) {
    jdbc.sql(
            """
            UPDATE undercurrent.workers
               SET unfit_for = NULL, unfit_because = NULL
             WHERE worker = :id
               AND unfit_for = :update""")
        .param("id", id)
        .param("update", update)
        .update();
  }

  /** What they refused of an update in an earlier execution they may take in the next one. */
  void askAgain(String update) {
    jdbc.sql(
            """
            UPDATE undercurrent.workers
               SET unfit_for = NULL, unfit_because = NULL
             WHERE unfit_for = :update""")
        .param("update", update)
        .update();
  }

  /** A worker has ended, and has nothing in hand. */
  void remove(String id) {
    jdbc.sql("DELETE FROM undercurrent.workers WHERE worker = :id").param("id", id).update();
  }
}
