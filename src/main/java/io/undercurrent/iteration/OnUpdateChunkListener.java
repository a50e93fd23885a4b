package io.undercurrent.iteration;

import static java.util.Objects.requireNonNull;

import io.undercurrent.controller.BatchSettings;
import io.undercurrent.controller.ChunkSize;
import io.undercurrent.controller.Controller;
import io.undercurrent.controller.OnUpdate;
import io.undercurrent.pace.Pace;
import io.undercurrent.stop.StopAtBoundaryException;
import io.undercurrent.stop.StopSignal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.listener.ChunkListener;
import org.springframework.batch.infrastructure.item.Chunk;

/**
 * Wraps every iteration in the controller's on_update: it enters before the transaction begins, and
 * leaves after it, with the failure if there was one.
 */
public final class OnUpdateChunkListener implements ChunkListener<Object, Object> {

  private final Controller controller;
  private final String updateName;
  private final String databaseName;
  private final boolean oneShot;
  private final BatchSettings settings;
  private final StopSignal stop;

  private OnUpdate.@Nullable Iteration iteration;
  private Duration target = Duration.ZERO;

  public OnUpdateChunkListener(
      Controller controller,
      String updateName,
      String databaseName,
      boolean oneShot,
      BatchSettings settings,
      StopSignal stop) {
    this.controller = controller;
    this.updateName = updateName;
    this.databaseName = databaseName;
    this.oneShot = oneShot;
    this.settings = settings;
    this.stop = stop;
  }

  /**
   * Asks the controller and waits as long as it likes.
   *
   * @throws StopAtBoundaryException if a stop interrupted the wait
   */
  @Override
  public void beforeChunk(Chunk<Object> chunk) {
    var asked = asked();
    var wanted = entered(asked);
    target = settings.target() == null ? wanted : settings.target();
    iteration = asked;
  }

  private OnUpdate.Iteration asked() {
    try {
      return requireNonNull(
          controller.onUpdate().onUpdate(updateName, databaseName, oneShot), "it returned null");
    } catch (RuntimeException | LinkageError e) {
      throw failed("on_update", e);
    }
  }

  private Duration entered(OnUpdate.Iteration asked) {
    try {
      return requireNonNull(stop.interruptibly(asked::enter), "it returned null");
    } catch (InterruptedException e) {
      throw new StopAtBoundaryException(interruption());
    } catch (Exception | LinkageError e) {
      if (stop.reason() != null) {
        throw new StopAtBoundaryException(interruption());
      }
      throw failed("enter", e);
    }
  }

  private IllegalStateException failed(String callback, Throwable e) {
    return controller.failed(callback, updateName, databaseName, e);
  }

  private String interruption() {
    var reason = stop.reason();
    if (reason == null) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
    return reason;
  }

  @Override
  public void afterChunk(Chunk<Object> chunk) {
    leave(null);
  }

  @Override
  public void onChunkError(Exception failure, Chunk<Object> chunk) {
    try {
      leave(failure);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Leaves the iteration if it was entered. */
  public void leave(@Nullable Throwable failure) {
    var entered = iteration;
    iteration = null;
    try {
      if (entered != null) {
        entered.exit(failure);
      }
    } catch (RuntimeException | LinkageError e) {
      throw failed("exit", e);
    }
  }

  /** How long the iteration is to take, by the job file or else the controller. */
  public Duration target() {
    return target;
  }

  /**
   * How many items its chunk may have.
   *
   * @param walking what the items of the latest chunks have cost
   */
  public ChunkSize chunkSize(Progress progress, Pace walking) {
    return controller.chunkSize(
        updateName, databaseName, progress.performance(), walking, target, settings);
  }

  /** How many rows it may write at that pace, whatever the pace of walking allows. */
  public int mostWritten(Pace writing) {
    if (writing.isUnknown()) {
      return settings.first() == null
          ? controller.first(updateName, databaseName)
          : settings.first();
    }
    var least =
        settings.min() == null ? controller.least(updateName, databaseName) : settings.min();
    return Math.max(least, writing.fitting(target));
  }
}
