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
  record Entry(String id, String name, String host, long pid, String version, int lanes) {}

  /** Says that a worker is there. */
  void renew(Entry worker) {
    jdbc.sql(
            """
            INSERT INTO undercurrent.workers (worker, name, host, pid, version, lanes)
            VALUES (:id, :name, :host, :pid, :version, :lanes)
                ON CONFLICT (worker) DO UPDATE SET seen_at = clock_timestamp()""")
        .param("id", worker.id())
        .param("name", worker.name())
        .param("host", worker.host())
        .param("pid", worker.pid())
        .param("version", worker.version())
        .param("lanes", worker.lanes())
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

  /** A worker has ended, and has nothing in hand. */
  void remove(String id) {
    jdbc.sql("DELETE FROM undercurrent.workers WHERE worker = :id").param("id", id).update();
  }
}
