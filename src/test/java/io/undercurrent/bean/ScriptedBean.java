package io.undercurrent.bean;

import io.undercurrent.iteration.Beans;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemWriter;

/**
 * The bean of every name, which writes down what it is called with, does what a test wants, and
 * takes as long as a test says.
 */
final class ScriptedBean implements Beans, ItemProcessor<Row, Row>, ItemWriter<Row>, TimeSource {

  /** The ids of the rows that it was called with; those of a chunk together. */
  final List<String> calls = new CopyOnWriteArrayList<>();

  private final AtomicLong passed = new AtomicLong();
  private Action onId = id -> {};
  private Duration perItem = Duration.ZERO;

  /** What a test does in the middle of a call. */
  @FunctionalInterface
  interface Action {
    void with(String id) throws Exception;
  }

  ScriptedBean on(Action action) {
    onId = action;
    return this;
  }

  ScriptedBean taking(Duration perItem) {
    this.perItem = perItem;
    return this;
  }

  /** How often it was called with a row. */
  long callsWith(String id) {
    return calls.stream().filter(id::equals).count();
  }

  @Override
  public Row process(Row row) throws Exception {
    var id = String.valueOf(row.get("id"));
    calls.add(id);
    passed.addAndGet(perItem.toNanos());
    onId.with(id);
    return row.columns().contains("n") ? row.with("n", tenfold(row.get("n"))) : row;
  }

  private static String tenfold(@Nullable String number) {
    return number + "0";
  }

  @Override
  public void write(Chunk<? extends Row> chunk) throws Exception {
    var ids = chunk.getItems().stream().map(row -> String.valueOf(row.get("id"))).toList();
    calls.add(String.join(" ", ids));
    passed.addAndGet(perItem.multipliedBy(ids.size()).toNanos());
    for (var id : ids) {
      onId.with(id);
    }
  }

  @Override
  public <T> T get(String name, Class<T> type) {
    return type.cast(this);
  }

  @Override
  public long nanos() {
    return SYSTEM.nanos() + passed.get();
  }

  @Override
  public void sleep(Duration duration) {
    passed.addAndGet(duration.toNanos());
  }

  @Override
  public void await(Object monitor, Duration duration) throws InterruptedException {
    SYSTEM.await(monitor, duration);
  }

  @Override
  public void after(Duration delay, Runnable task) {
    SYSTEM.after(delay, task);
  }
}
