package io.undercurrent.bean;

import io.undercurrent.failure.BeanFailedException;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemStream;

/**
 * Has a bean process rows, one after the other, and keeps what it made of them until that is
 * committed: a row that is read again as it was is not processed twice.
 */
public final class Processing {

  private static final Duration FOREVER = Duration.ofDays(1);

  private final String bean;
  private final ItemProcessor<Row, Row> processor;
  private final BeanCaller caller;
  private final TimeSource time;
  private final Map<Row, Optional<Row>> results = new LinkedHashMap<>();
  private @Nullable Row failedOn;
  private @Nullable BeanFailedException failure;

  /**
   * Processing by a bean.
   *
   * @param bean its name
   * @param caller how it is called
   */
  public Processing(
      String bean, ItemProcessor<Row, Row> processor, BeanCaller caller, TimeSource time) {
    this.bean = bean;
    this.processor = processor;
    this.caller = caller;
    this.time = time;
  }

  /** The name of the bean. */
  public String bean() {
    return bean;
  }

  /** The bean, if it keeps something in the context of its execution. */
  public Optional<ItemStream> stream() {
    return processor instanceof ItemStream stream ? Optional.of(stream) : Optional.empty();
  }

  /**
   * Processes rows until one fails or time is up, but at least one.
   *
   * @param limit after which no other row is begun
   * @param stopped whether to begin no other row
   */
  public void process(List<Row> rows, Duration limit, BooleanSupplier stopped) {
    var before = new LinkedHashMap<>(results);
    var begin = time.nanos();
    forget();
    for (var row : rows) {
      var known = before.remove(row);
      if (known == null && !results.isEmpty() && isEnough(begin, limit, stopped)) {
        break;
      }
      try {
        results.put(row, known == null ? call(row) : known);
      } catch (BeanFailedException e) {
        failedOn = row;
        failure = e;
        break;
      }
    }
    // Those that are not among the rows this time may be next time.
    results.putAll(before);
  }

  /**
   * Processes all rows anew.
   *
   * @throws BeanFailedException if one fails
   */
  public Chunk<Row> all(List<Row> rows) {
    forget();
    process(rows, FOREVER, () -> false);
    var done = of(rows);
    if (done.failure() != null) {
      throw done.failure();
    }
    return done.output();
  }

  private boolean isEnough(long begin, Duration limit, BooleanSupplier stopped) {
    return time.since(begin).compareTo(limit) >= 0 || stopped.getAsBoolean();
  }

  private Optional<Row> call(Row row) {
    var output = caller.<@Nullable Row>call(() -> processor.process(row));
    if (output != null && !output.columns().equals(row.columns())) {
      throw new BeanFailedException(
          bean,
          "has to return rows with the columns %s, returned %s"
              .formatted(row.columns(), output.columns()),
          null);
    }
    return Optional.ofNullable(output);
  }

  /** What it made of rows, up to the first that has not passed it as it is now. */
  public Processed of(List<Row> rows) {
    var output = new Chunk<Row>();
    for (int i = 0; i < rows.size(); i++) {
      var row = rows.get(i);
      var result = results.get(row);
      if (result == null) {
        return new Processed(i, output, row.equals(failedOn) ? failure : null);
      }
      result.ifPresent(output::add);
    }
    return new Processed(rows.size(), output, null);
  }

  /** Forgets what it made of those rows and of the ones before them: that is committed. */
  public void forget(List<Row> committed) {
    if (!committed.isEmpty() && results.containsKey(committed.get(committed.size() - 1))) {
      var last = committed.get(committed.size() - 1);
      var rows = results.keySet().iterator();
      while (rows.hasNext()) {
        var row = rows.next();
        rows.remove();
        if (row.equals(last)) {
          return;
        }
      }
    }
  }

  /** Forgets everything. */
  public void forget() {
    results.clear();
    failedOn = null;
    failure = null;
  }
}
