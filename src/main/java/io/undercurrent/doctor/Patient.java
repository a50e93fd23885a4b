package io.undercurrent.doctor;

import io.undercurrent.database.Database;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.status.Definitions;
import io.undercurrent.time.TimeSource;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * A database that is looked at.
 *
 * @param database where fixes are made
 * @param jdbc the session that only looks
 * @param definitions what job files define
 * @param time measures how long something takes
 * @param hasOurTables whether Undercurrent's tables are there, and this version's
 */
record Patient(
    Database database,
    JdbcClient jdbc,
    Definitions definitions,
    TimeSource time,
    boolean hasOurTables) {

  String name() {
    return database.name();
  }

  List<QueuedUpdate> queue() {
    return hasOurTables
        ? new UpdateQueue(name(), jdbc, TransactionOperations.withoutTransaction()).list()
        : List.of();
  }
}
