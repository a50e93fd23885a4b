package io.undercurrent.kind;

import io.undercurrent.iteration.Timeouts;
import java.util.List;

/** Does single rows of an update again, each as an iteration with that row alone would. */
public interface Replay extends AutoCloseable {

  /** What the keys are keys of: {@code members by room_id (text), user_id (text)}. */
  String axis();

  /** SQL that the transaction of a row begins with, in place of any other. */
  String begin();

  /** What its statements have to respect. */
  Timeouts timeouts();

  /**
   * Whether a bean works on a row before its transaction: then {@link #look} comes first, in a
   * transaction that ends before {@link #process}.
   */
  boolean worksOutside();

  /** Reads a row for the bean. */
  void look(List<String> key);

  /** Has the bean process what was read, with no transaction open. */
  void process();

  /**
   * Reads a row, processes it and writes it, in the caller's transaction.
   *
   * @param key its key, in text form
   * @return false if there is nothing to do: the row is gone, or does not match any more
   */
  boolean row(List<String> key);

  /** Puts back what a row has left outside of its transaction that was rolled back. */
  void rolledBack();

  @Override
  void close();
}
