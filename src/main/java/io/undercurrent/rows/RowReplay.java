package io.undercurrent.rows;

import io.undercurrent.bean.Row;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.kind.Replay;
import java.time.Duration;
import java.util.List;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/** Reads, processes and writes single rows by their keys. */
final class RowReplay implements Replay {

  private final ChunkComponents components;
  private final Timeouts timeouts;

  /** Of no run: what beans keep is forgotten. */
  private final ExecutionContext context = new ExecutionContext();

  private List<Row> seen = List.of();

  private RowReplay(ChunkComponents components, Timeouts timeouts) {
    this.components = components;
    this.timeouts = timeouts;
    components.openBeans(context);
  }

  static RowReplay open(UpdateContext update, ReadWrite work) {
    return new RowReplay(
        ChunkComponents.of(update, work), Timeouts.ofChunk(update.settings(), Duration.ZERO));
  }

  @Override
  public String axis() {
    return components.reader().axis();
  }

  @Override
  public String begin() {
    return components.guard().begin(timeouts.lock());
  }

  @Override
  public Timeouts timeouts() {
    return timeouts;
  }

  @Override
  public boolean worksOutside() {
    return components.outside();
  }

  @Override
  public void look(List<String> key) {
    seen = components.reader().only(key);
  }

  @Override
  public void process() {
    components.process(seen);
  }

  @Override
  public boolean row(List<String> key) {
    var rows = components.reader().only(key);
    var output = components.outside() ? components.processed(rows) : components.process(rows);
    if (!output.isEmpty()) {
      components.write(output);
    }
    components.saveBeans(context);
    return !rows.isEmpty();
  }

  @Override
  public void rolledBack() {
    components.closeBeans();
    components.openBeans(context);
  }

  @Override
  public void close() {
    components.close();
  }
}
