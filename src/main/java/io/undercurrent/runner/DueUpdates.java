package io.undercurrent.runner;

import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.queue.AlreadyQueuedException;
import io.undercurrent.queue.NewUpdate;
import io.undercurrent.queue.Schedule;
import io.undercurrent.queue.Schedules;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.status.Definitions;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Queues updates again whose time has come: once, however many look and however long ago. */
public final class DueUpdates {

  private static final Logger log = LoggerFactory.getLogger(DueUpdates.class);

  private final String databaseName;
  private final Definitions definitions;
  private final UpdateQueue queue;
  private final Schedules schedules;
  private final TransactionOperations transactions;

  /**
   * Those of a database.
   *
   * @param queue on the same connections
   * @param transactions likewise
   */
  public DueUpdates(
      String databaseName,
      Definitions definitions,
      UpdateQueue queue,
      JdbcClient jdbc,
      TransactionOperations transactions) {
    this.databaseName = databaseName;
    this.definitions = definitions;
    this.queue = queue;
    this.schedules = new Schedules(jdbc);
    this.transactions = transactions;
  }

  /**
   * Queues them. What its job file does not define any more, or not with a time, is not queued
   * again; what it may define once it is corrected waits.
   */
  public void queue() {
    schedules.due().forEach(this::queue);
  }

  /** Leaves out a time of an update that has come while its run was under way, and queued. */
  void leaveOut(String update) {
    schedules.due().stream().filter(due -> due.update().equals(update)).forEach(this::queue);
  }

  private void queue(Schedule due) {
    var defined = definitions.find(due.update());
    if (defined.isPresent() || !definitions.isBroken(due.job(), due.update())) {
      queue(due, defined.filter(found -> found.job().name().equals(due.job())));
    }
  }

  private void queue(Schedule due, Optional<DefinedUpdate> defined) {
    var update = defined.map(DefinedUpdate::definition).orElse(null);
    var every = update == null ? null : update.options().every();
    if (update == null || every == null) {
      transactions.executeWithoutResult(status -> schedules.end(List.of(due.update())));
      log.warn(
          "Update {} on {} is not queued again: no job file says so any more",
          due.update(),
          databaseName);
      return;
    }
    try {
      var again = new NewUpdate(update.name(), update.dependsOn(), update.ordering(), every);
      if (queue.addAgain(due, again, every)) {
        log.info("Update {} on {} was due, and is queued again", due.update(), databaseName);
      }
    } catch (AlreadyQueuedException e) {
      log.debug("Update {} on {} is due, and waits", due.update(), databaseName, e);
    }
  }
}
