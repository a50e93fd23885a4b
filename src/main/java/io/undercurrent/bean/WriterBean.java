package io.undercurrent.bean;

import io.undercurrent.failure.BeanFailedException;
import java.time.Duration;
import java.util.Optional;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemStream;
import org.springframework.batch.infrastructure.item.ItemWriter;

/**
 * A bean that writes chunks. It gets little at first, and then what fits the target at the pace of
 * its last chunk: nobody can stop it half way, and the transaction is idle meanwhile.
 */
public final class WriterBean implements ItemWriter<Row> {

  private static final int FIRST = 10;

  private final String bean;
  private final ItemWriter<Row> writer;
  private final BeanCaller caller;
  private final int least;
  private final int first;
  private double itemsPerMs;

  /**
   * A bean.
   *
   * @param first how many items it gets at first, or 0 for a few
   * @param least how many it gets at least
   */
  public WriterBean(String bean, ItemWriter<Row> writer, int first, int least) {
    this.bean = bean;
    this.writer = writer;
    this.caller = BeanCaller.direct(bean);
    this.first = first == 0 ? FIRST : first;
    this.least = least;
  }

  /** The bean, if it keeps something in the context of its execution. */
  public Optional<ItemStream> stream() {
    return writer instanceof ItemStream stream ? Optional.of(stream) : Optional.empty();
  }

  /** How many items it may get. */
  public int most(Duration target) {
    return itemsPerMs == 0
        ? Math.max(first, least)
        : (int) Math.max(least, Math.min(Integer.MAX_VALUE, target.toNanos() / 1e6 * itemsPerMs));
  }

  @Override
  public void write(Chunk<? extends Row> chunk) {
    caller.call(
        () -> {
          writer.write(chunk);
          return true;
        });
  }

  /** The server has ended the session of a transaction that was idle for so long. */
  public void requireBelow(Duration idle, Duration took) {
    if (took.compareTo(idle) >= 0) {
      throw new BeanFailedException(
          bean,
          "took %d ms with the transaction open, which the server ends after %d ms without a statement. Have it write faster, or give it more time with 'batch: {target}', of which that is 20 times"
              .formatted(took.toMillis(), idle.toMillis()),
          null);
    }
  }

  /** Learns how long it took for a chunk, whether that was committed or not. */
  public void took(long items, Duration duration) {
    if (items > 0) {
      itemsPerMs = items / Math.max(1e-3, duration.toNanos() / 1e6);
    }
  }
}
