package io.undercurrent.controller;

import io.undercurrent.bean.Row;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemWriter;

/** What a module can do while it starts. */
public interface ModuleApi {

  /**
   * Has the module pace the background updates of this process. Only the first call of all modules
   * counts; later ones are ignored with a warning.
   *
   * @param onUpdate surrounds every iteration; called from several threads at once where there are
   *     several databases, or an update has several lanes
   * @param defaultBatchSize the chunk size while no item was ever counted, or null for {@code
   *     undercurrent.background-updates.default-batch-size}
   * @param minBatchSize the lower bound of computed chunk sizes, or null for {@code
   *     undercurrent.background-updates.min-batch-size}
   * @throws IllegalArgumentException if there is no {@code onUpdate}
   * @throws IllegalStateException if the module has been started already
   */
  void registerBackgroundUpdateControllerCallbacks(
      OnUpdate onUpdate, @Nullable BatchSize defaultBatchSize, @Nullable BatchSize minBatchSize);

  /** Has the module pace the background updates of this process, with the configured sizes. */
  default void registerBackgroundUpdateControllerCallbacks(OnUpdate onUpdate) {
    registerBackgroundUpdateControllerCallbacks(onUpdate, null, null);
  }

  /**
   * Has job files of this process name a processor: {@code process: name}.
   *
   * <p>It is called with one row at a time, in the order of the key, once at a time for each
   * database; with {@code lanes} as often at a time as there are, each in the order of its part of
   * the keys, so that it has to be safe for threads. It is called again for a row whose chunk was
   * rolled back, so that what it does elsewhere happens at least once. It is called on the lane's
   * thread with the chunk's transaction open, or with {@code outside-transaction: true} on a thread
   * of its own with none open, which is interrupted after the {@code timeout} of the job file.
   * Whatever it throws is a failure on that row, which is tried five times.
   *
   * @param name what job files call it; no other bean may have the name
   * @param processor returns the row as it is to be written, with the same columns, or null to
   *     leave it out; an {@code ItemStream} can keep something in the context of the run, which
   *     cannot have several lanes then
   * @throws IllegalArgumentException if the name is taken
   * @throws IllegalStateException if the module has been started already
   */
  void registerProcessor(String name, ItemProcessor<Row, Row> processor);

  /**
   * Has job files of this process name a writer: {@code write: {bean: name}}.
   *
   * <p>It is called with the rows of a chunk, on the thread that works on it, of which there are
   * several with {@code lanes}, with the chunk's transaction open, and again with a part of them if
   * it fails or the chunk is rolled back: what it does happens at least once. It gets ten rows at
   * first, and then as many as fit the target duration at its pace.
   *
   * @param name what job files call it; no other bean may have the name
   * @param writer writes a chunk, or throws an exception
   * @throws IllegalArgumentException if the name is taken
   * @throws IllegalStateException if the module has been started already
   */
  void registerWriter(String name, ItemWriter<Row> writer);
}
