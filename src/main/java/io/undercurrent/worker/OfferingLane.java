package io.undercurrent.worker;

import io.undercurrent.lane.LaneSession;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.time.TimeSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.step.StepExecution;

/**
 * A lane that offers its slices to workers first; its own sessions are opened when it needs them.
 */
final class OfferingLane implements LaneSession {

  private final SlicesOnOffer slices;
  private final Supplier<? extends LaneSession> own;
  private final TimeSource time;
  private @Nullable LaneSession opened;

  OfferingLane(SlicesOnOffer slices, Supplier<? extends LaneSession> own, TimeSource time) {
    this.slices = slices;
    this.own = own;
    this.time = time;
  }

  @Override
  public void work(StepExecution slice, StopSignal stop) throws Exception {
    if (new Offer(slices, slice, stop, time).await()) {
      return;
    }
    var session = opened == null ? own.get() : opened;
    opened = session;
    session.work(slice, stop);
  }

  @Override
  public void close() {
    if (opened != null) {
      opened.close();
    }
  }
}
