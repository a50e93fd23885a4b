package io.undercurrent.convert;

import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.rows.Frame;
import io.undercurrent.stop.StopAtBoundaryException;
import java.util.ArrayList;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What surrounds the chunks of a conversion: the new column before, all that it needs to take the
 * old one's place after, and the swap.
 *
 * @param work what the job file says
 */
record ConversionFrame(ConvertColumn work) implements Frame {

  /** What an earlier run has left is no use: its trigger may have been away for a while. */
  @Override
  public void before(UpdateContext update) {
    if (isOver(update)) {
      Conversion.requireUse(work);
      return;
    }
    var column = Conversion.of(update.jdbc(), work).column();
    var trigger = new SyncTrigger(work, column);
    Locks.change(
        update,
        trigger.tables(update.jdbc()),
        jdbc -> {
          var statements = new ArrayList<>(trigger.dropAll(jdbc));
          statements.addAll(trigger.create(jdbc));
          statements.forEach(jdbc::execute);
        });
  }

  @Override
  public void after(UpdateContext update) {
    var conversion = Conversion.of(update.jdbc(), work);
    conversion.requireBegun();
    new Preparation(update, conversion).run();
    if (work.swapsItself()) {
      var swap = new Swap(update.jdbc(), work);
      swap.patience(update.settings().lockTimeout());
      Locks.change(update, conversion.tables(), jdbc -> swap.run());
    } else {
      awaitOperator(update);
    }
  }

  private static void awaitOperator(UpdateContext update) {
    var verb = "swap " + update.name();
    var client = JdbcClient.create(update.jdbc());
    var queue = new UpdateQueue(update.databaseName(), client, update.transactions());
    update.transactions().executeWithoutResult(status -> queue.awaitOperator(update.name(), verb));
    throw new StopAtBoundaryException("waits for: " + verb);
  }

  @Override
  public boolean isOver(UpdateContext update) {
    return Conversion.isOver(update.jdbc(), work);
  }
}
