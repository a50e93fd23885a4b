package io.undercurrent.lane;

import io.undercurrent.iteration.Progress;
import io.undercurrent.stop.StopSignal;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.partition.PartitionHandler;
import org.springframework.batch.core.partition.StepExecutionSplitter;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/**
 * Has the slices of a run worked on in threads of this process, as many at a time as are wanted. If
 * one fails or stops, all stop at their next boundary. Fewer lanes are wanted: the latest wait at
 * their boundary until one of the others has no slice left to take.
 */
public final class LaneHandler implements PartitionHandler {

  /** More slices than lanes: who is done early takes another one. */
  private static final int SLICES_PER_LANE = 4;

  private static final int MOST_SLICES = 64;
  private static final Logger log = LoggerFactory.getLogger(LaneHandler.class);

  private final JobRepository repository;
  private final Supplier<? extends LaneSession> sessions;
  private final Supplier<Optional<String>> dependence;
  private final StopSignal stop;
  private final Clock clock;
  private final Deque<StepExecution> waiting = new ArrayDeque<>();
  private final List<Lane> lanes = new ArrayList<>();
  private int wanted;
  private boolean dependent;
  private int begun;
  private @Nullable Throwable broken;

  /**
   * A handler of one execution.
   *
   * @param repository writes how slices end that no lane has got to
   * @param sessions opens those of a lane, on its thread
   * @param dependence why slices cannot be worked on at the same time; asks the database
   * @param wanted how many lanes
   * @param stop asks the run to stop
   */
  public LaneHandler(
      JobRepository repository,
      Supplier<? extends LaneSession> sessions,
      Supplier<Optional<String>> dependence,
      int wanted,
      StopSignal stop,
      Clock clock) {
    this.repository = repository;
    this.sessions = sessions;
    this.dependence = dependence;
    this.wanted = wanted;
    this.stop = stop;
    this.clock = clock;
  }

  /** So many lanes are wanted from now on; called from any thread. */
  public synchronized void want(int lanes) {
    if (wanted != lanes) {
      log.info("{} lanes are wanted instead of {}", lanes, wanted);
      wanted = lanes;
      notifyAll();
    }
  }

  @Override
  public Collection<StepExecution> handle(StepExecutionSplitter splitter, StepExecution manager)
      throws JobExecutionException {
    var slices = List.copyOf(splitter.split(manager, slices()));
    waiting.addAll(slices);
    dependence.get().ifPresent(this::workInOneLane);
    workOn(manager.getStepName());
    waiting.forEach(this::leave);
    requireUnbroken();
    return slices;
  }

  private synchronized void workInOneLane(String reason) {
    log.warn("One lane works on the slices: {}", reason);
    dependent = true;
  }

  private int lanes() {
    return dependent ? 1 : wanted;
  }

  private synchronized void requireUnbroken() throws JobExecutionException {
    if (broken != null) {
      throw new JobExecutionException("A lane could not work: " + broken.getMessage(), broken);
    }
  }

  private synchronized int slices() {
    return Math.min(MOST_SLICES, SLICES_PER_LANE * wanted);
  }

  /** Returns when no lane is left, whatever happens: none may outlive the execution. */
  private synchronized void workOn(String name) {
    var interrupted = false;
    while (adjust(name)) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
        stop.stop("interrupted");
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Has as many lanes at work as there are to be; false if there is nothing left to wait for. */
  private boolean adjust(String name) {
    while (lanes.size() < lanes() && !waiting.isEmpty() && stop.reason() == null) {
      begun++;
      var lane = new Lane(stop.beginLane());
      lanes.add(lane);
      start(new Thread(lane, name + "-" + begun), lane);
    }
    for (int i = 0; i < lanes.size(); i++) {
      lanes.get(i).stop.hold(i >= lanes());
    }
    return !lanes.isEmpty();
  }

  /** The system may have no thread left to give; those that have one end then. */
  private void start(Thread thread, Lane lane) {
    try {
      thread.start();
    } catch (Error e) {
      broken(e);
      ended(lane);
    }
  }

  /** The next slice for a lane; null if it is to end. */
  private synchronized @Nullable StepExecution next() {
    return lanes.size() > lanes() || stop.reason() != null ? null : waiting.poll();
  }

  private synchronized void ended(Lane lane) {
    lanes.remove(lane);
    stop.endLane(lane.stop);
    notifyAll();
  }

  private void ended(StepExecution slice) {
    if (slice.getStatus() == BatchStatus.STOPPED) {
      stop.stop(firstLine(slice.getExitStatus()));
    } else if (slice.getStatus() != BatchStatus.COMPLETED) {
      stop.stop("another lane has failed");
    }
  }

  private synchronized void broken(Throwable failure) {
    broken = broken == null ? failure : broken;
    stop.stop("another lane could not work");
  }

  private static String firstLine(ExitStatus status) {
    return status.getExitDescription().lines().findFirst().orElse("another lane has stopped");
  }

  /** Nobody has worked on it; the next execution takes it up. */
  private void leave(StepExecution slice) {
    SliceResults.stopped(slice);
    save(slice);
  }

  private void failed(StepExecution slice, Throwable failure) {
    slice.addFailureException(failure);
    slice.upgradeStatus(BatchStatus.FAILED);
    slice.setExitStatus(ExitStatus.FAILED.addExitDescription(failure));
    save(slice);
  }

  private void save(StepExecution slice) {
    try {
      slice.setEndTime(LocalDateTime.now(clock));
      repository.update(slice);
    } catch (RuntimeException e) {
      log.warn("How {} has ended could not be saved", slice.getStepName(), e);
      slice.setStatus(BatchStatus.UNKNOWN);
      slice.addFailureException(e);
    }
  }

  /** A thread that works on one slice after the other. */
  private final class Lane implements Runnable {

    private final StopSignal stop;

    Lane(StopSignal stop) {
      this.stop = stop;
    }

    @Override
    public void run() {
      try (var session = sessions.get()) {
        @Nullable StepExecution before = null;
        for (var slice = next(); slice != null; slice = next()) {
          if (before != null) {
            Progress.learnPace(slice.getExecutionContext(), before.getExecutionContext());
          }
          work(session, slice);
          ended(slice);
          before = slice;
        }
      } catch (RuntimeException | Error e) {
        broken(e);
      } finally {
        ended(this);
      }
    }

    private void work(LaneSession session, StepExecution slice) {
      try {
        session.work(slice, stop);
      } catch (Exception | Error e) {
        failed(slice, e);
      }
    }
  }
}
