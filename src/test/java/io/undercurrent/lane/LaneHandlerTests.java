package io.undercurrent.lane;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.stop.StopAtBoundaryException;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.testing.Engine;
import io.undercurrent.time.TimeSource;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.partition.StepExecutionSplitter;
import org.springframework.batch.core.repository.support.ResourcelessJobRepository;
import org.springframework.batch.core.step.StepExecution;

/** Lanes that pass one boundary after the other, until a test lets their slices end. */
class LaneHandlerTests {

  private static final int SLICES = 6;

  private final StopSignal stop = new StopSignal(TimeSource.SYSTEM);
  private final JobExecution job =
      new JobExecution(1, new JobInstance(1, "numbers"), new JobParameters());
  private final Set<String> begun = ConcurrentHashMap.newKeySet();
  private final Set<String> ending = ConcurrentHashMap.newKeySet();
  private final Set<String> done = ConcurrentHashMap.newKeySet();
  private final Map<String, Thread> threads = new ConcurrentHashMap<>();
  private final AtomicInteger sessions = new AtomicInteger();

  @Test
  void takesAnotherSliceWhenOneHasEnded() throws Exception {
    var handler = handler(2);
    var slices = handle(handler);
    awaitBegun("numbers:slice1", "numbers:slice2");

    ending.add("numbers:slice1");
    awaitBegun("numbers:slice1", "numbers:slice2", "numbers:slice3");

    assertThat(sessions).hasValue(2);
    assertEnds(slices, BatchStatus.COMPLETED);
  }

  @Test
  void beginsMoreLanesAtOnce() throws Exception {
    var handler = handler(1);
    var slices = handle(handler);
    awaitBegun("numbers:slice1");

    handler.want(3);

    awaitBegun("numbers:slice1", "numbers:slice2", "numbers:slice3");
    assertEnds(slices, BatchStatus.COMPLETED);
  }

  @Test
  void hasTheLatestLanesWaitAtTheirBoundary() throws Exception {
    var handler = handler(3);
    var slices = handle(handler);
    awaitBegun("numbers:slice1", "numbers:slice2", "numbers:slice3");

    handler.want(1);
    Engine.await().until(() -> working().size() == 1);
    ending.addAll(working());
    Engine.await().until(() -> working().size() == 1 && !ending.containsAll(working()));

    assertThat(begun).hasSize(3);
    assertEnds(slices, BatchStatus.COMPLETED);
  }

  @Test
  void stopsAllAndLeavesTheRestStopped() throws Exception {
    var slices = handle(handler(2));
    awaitBegun("numbers:slice1", "numbers:slice2");

    stop.stop("paused");

    assertThat(slices.get(1, MINUTES))
        .hasSize(SLICES)
        .extracting(StepExecution::getStatus)
        .containsOnly(BatchStatus.STOPPED);
  }

  @Test
  void stopsTheOthersWhenOneFails() throws Exception {
    var slices = handle(handler(2));
    awaitBegun("numbers:slice1", "numbers:slice2");

    ending.add("numbers:slice2 fails");

    assertThat(slices.get(1, MINUTES))
        .extracting(StepExecution::getStatus)
        .containsExactly(
            BatchStatus.STOPPED,
            BatchStatus.FAILED,
            BatchStatus.STOPPED,
            BatchStatus.STOPPED,
            BatchStatus.STOPPED,
            BatchStatus.STOPPED);
    assertThat(job.getAllFailureExceptions()).hasSize(1);
  }

  private LaneHandler handler(int lanes) {
    return new LaneHandler(
        new ResourcelessJobRepository(),
        Lane::new,
        Optional::empty,
        lanes,
        stop,
        Clock.systemUTC());
  }

  private CompletableFuture<Collection<StepExecution>> handle(LaneHandler handler) {
    var manager = new StepExecution(100, "numbers:lanes", job);
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return handler.handle(new Slices(), manager);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private void awaitBegun(String... slices) {
    Engine.await().untilAsserted(() -> assertThat(begun).containsExactlyInAnyOrder(slices));
  }

  /** The slices whose threads are neither held at a boundary nor done. */
  private Set<String> working() {
    return begun.stream()
        .filter(slice -> threads.get(slice).getState() != Thread.State.WAITING)
        .filter(slice -> !done.contains(slice))
        .collect(Collectors.toSet());
  }

  private void assertEnds(CompletableFuture<Collection<StepExecution>> slices, BatchStatus status)
      throws Exception {
    for (int i = 1; i <= SLICES; i++) {
      ending.add("numbers:slice" + i);
    }
    assertThat(slices.get(1, MINUTES))
        .hasSize(SLICES)
        .extracting(StepExecution::getStatus)
        .containsOnly(status);
  }

  private final class Slices implements StepExecutionSplitter {

    @Override
    public String getStepName() {
      return "numbers";
    }

    @Override
    public Set<StepExecution> split(StepExecution manager, int parts) {
      var slices = new LinkedHashSet<StepExecution>();
      for (int i = 1; i <= SLICES; i++) {
        var slice = new StepExecution(i, "numbers:slice" + i, job);
        job.addStepExecution(slice);
        slices.add(slice);
      }
      return slices;
    }
  }

  private final class Lane implements LaneSession {

    Lane() {
      sessions.incrementAndGet();
    }

    @Override
    public void work(StepExecution slice, StopSignal stop) throws Exception {
      var name = slice.getStepName();
      threads.put(name, Thread.currentThread());
      begun.add(name);
      try {
        while (!ending.contains(name)) {
          stop.passBoundary();
          if (ending.contains(name + " fails")) {
            throw new IllegalStateException("no");
          }
          Thread.onSpinWait();
        }
        slice.setStatus(BatchStatus.COMPLETED);
      } catch (StopAtBoundaryException e) {
        slice.setStatus(BatchStatus.STOPPED);
      } finally {
        done.add(name);
      }
    }

    @Override
    public void close() {}
  }
}
