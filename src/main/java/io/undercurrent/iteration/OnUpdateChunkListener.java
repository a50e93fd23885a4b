package io.undercurrent.iteration;

import static java.util.Objects.requireNonNull;

import io.undercurrent.controller.BatchSettings;
import io.undercurrent.controller.ChunkSize;
import io.undercurrent.controller.Controller;
import io.undercurrent.controller.OnUpdate;
import io.undercurrent.pace.Pace;
import io.undercurrent.stop.StopAtBoundaryException;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.function.Supplier;
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
  private final Supplier<BatchSettings> wanted;
  private final Supplier<@Nullable Duration> sleep;
  private final StopSignal stop;
  private final TimeSource time;

  private OnUpdate.@Nullable Iteration iteration;
  private BatchSettings settings = BatchSettings.NONE;
  private Duration target = Duration.ZERO;

  /** One whose settings stay what they are. */
  public OnUpdateChunkListener(
      Controller controller,
      String updateName,
      String databaseName,
      boolean oneShot,
      BatchSettings settings,
      StopSignal stop) {
    this(
        controller,
        updateName,
        databaseName,
        oneShot,
        () -> settings,
        () -> null,
        stop,
        TimeSource.SYSTEM);
  }

  /**
   * One whose settings may change from one iteration to the next.
   *
   * @param wanted what is to be of the chunks
   * @param sleep what an operator has set of the wait before an iteration; null if nothing is set
   */
  OnUpdateChunkListener(
      Controller controller,
      String updateName,
      String databaseName,
      boolean oneShot,
      Supplier<BatchSettings> wanted,
      Supplier<@Nullable Duration> sleep,
      StopSignal stop,
      TimeSource time) {
    this.controller = controller;
    this.updateName = updateName;
    this.databaseName = databaseName;
    this.oneShot = oneShot;
    this.wanted = wanted;
    this.sleep = sleep;
    this.stop = stop;
    this.time = time;
  }

  /**
   * Asks the controller and waits as long as it likes.
   *
   * @throws StopAtBoundaryException if a stop interrupted the wait
   */
  @Override
  public void beforeChunk(Chunk<Object> chunk) {
    var asked = asked();
    var ofController = entered(asked);
    settings = wanted.get();
    target = settings.target() == null ? ofController : settings.target();
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
      return requireNonNull(
          stop.interruptibly(() -> controller.enter(asked, sleep, time)), "it returned null");
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
