package io.undercurrent.controller;

/**
 * Says how many items a chunk has; the <em>default_batch_size</em> and <em>min_batch_size</em>
 * callbacks of the reference.
 */
@FunctionalInterface
public interface BatchSize {

  /**
   * Says the size; called before an iteration, with no transaction open.
   *
   * @param updateName the update that is about to iterate
   * @param databaseName the database it works on
   * @return a number of items, at least 1
   */
  int batchSize(String updateName, String databaseName);
}
