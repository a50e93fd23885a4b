package io.undercurrent.iteration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.controller.BatchSettings;
import io.undercurrent.controller.Controller;
import io.undercurrent.controller.OnUpdate;
import io.undercurrent.stop.StopAtBoundaryException;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.Chunk;

class OnUpdateChunkListenerTests {

  private final List<String> events = new ArrayList<>();
  private final StopSignal stop = new StopSignal(TimeSource.SYSTEM);
  private Callable<@Nullable Duration> enter = () -> Duration.ofMillis(100);
  private Runnable exit = () -> {};

  @Test
  void entersAndLeavesOnce() {
    var listener = listener(iteration());

    listener.beforeChunk(Chunk.of());
    assertThat(listener.target()).isEqualTo(Duration.ofMillis(100));
    listener.afterChunk(Chunk.of());
    listener.leave(null);

    assertThat(events).containsExactly("exit null");
  }

  @Test
  void leavesWithTheFailure() {
    var listener = listener(iteration());
    var failure = new IllegalStateException("boom");
    exit =
        () -> {
          throw new IllegalArgumentException("too");
        };

    listener.beforeChunk(Chunk.of());
    listener.onChunkError(failure, Chunk.of());

    assertThat(events).containsExactly("exit java.lang.IllegalStateException: boom");
    assertThat(failure.getSuppressed())
        .extracting(Throwable::getMessage)
        .containsExactly("night.Module: exit failed for update 'fill' on 'master': too");
  }

  @Test
  void doesNotLeaveWhatItDidNotEnter() {
    enter =
        () -> {
          throw new IllegalStateException("boom");
        };
    var listener = listener(iteration());

    assertThatThrownBy(() -> listener.beforeChunk(Chunk.of()))
        .hasMessage("night.Module: enter failed for update 'fill' on 'master': boom");
    listener.leave(null);

    assertThat(events).isEmpty();
  }

  @Test
  void takesAFailureInAStoppedWaitForTheStop() {
    enter =
        () -> {
          stop.stop("paused");
          throw new IllegalStateException("interrupted");
        };

    assertThatThrownBy(() -> listener(iteration()).beforeChunk(Chunk.of()))
        .isInstanceOf(StopAtBoundaryException.class)
        .hasMessage("paused");
  }

  @Test
  void refusesAControllerThatReturnsNothing() {
    assertThatThrownBy(() -> listener(null).beforeChunk(Chunk.of()))
        .hasMessage(
            "night.Module: on_update failed for update 'fill' on 'master': it returned null");
    enter = () -> null;
    assertThatThrownBy(() -> listener(iteration()).beforeChunk(Chunk.of()))
        .hasMessage("night.Module: enter failed for update 'fill' on 'master': it returned null");
  }

  @Test
  void saysThatAModuleLacksAClass() {
    enter =
        () -> {
          throw new NoClassDefFoundError("night/Moon");
        };

    assertThatThrownBy(() -> listener(iteration()).beforeChunk(Chunk.of()))
        .hasMessage(
            "night.Module: enter failed for update 'fill' on 'master': java.lang.NoClassDefFoundError: night/Moon");
  }

  @Test
  void saysThatLeavingFailed() {
    exit =
        () -> {
          throw new IllegalStateException();
        };
    var listener = listener(iteration());
    listener.beforeChunk(Chunk.of());

    assertThatThrownBy(() -> listener.afterChunk(Chunk.of()))
        .hasMessage(
            "night.Module: exit failed for update 'fill' on 'master': java.lang.IllegalStateException");
  }

  private OnUpdateChunkListener listener(OnUpdate.@Nullable Iteration iteration) {
    var controller =
        new Controller(
            (update, database, oneShot) -> iteration,
            (update, database) -> 1,
            (update, database) -> 1,
            "night.Module");
    return new OnUpdateChunkListener(controller, "fill", "master", false, BatchSettings.NONE, stop);
  }

  private OnUpdate.Iteration iteration() {
    return new OnUpdate.Iteration() {
      @Override
      public Duration enter() throws InterruptedException {
        try {
          return enter.call();
        } catch (RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }

      @Override
      public void exit(@Nullable Throwable failure) {
        events.add("exit " + failure);
        exit.run();
      }
    };
  }
}
