package io.undercurrent.shell.verb;

import io.undercurrent.kind.DryRun;
import io.undercurrent.kind.Estimate;
import io.undercurrent.kind.Estimate.Range;
import io.undercurrent.kind.TriedChunk;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.Durations;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Table;
import io.undercurrent.shell.screen.Table.Column;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/** What trying updates has shown. */
record DryRunView(Screen screen) {

  private static final MathContext THREE_FIGURES = new MathContext(3, RoundingMode.HALF_UP);

  void show(String database, UpdateDefinition update, DryRun tried) {
    screen.out().println("%s on %s".formatted(update.name(), database));
    if (!tried.chunks().isEmpty()) {
      chunks(update, tried.chunks());
    }
    tried.chunks().stream()
        .filter(chunk -> chunk.error() != null)
        .forEach(chunk -> screen.tell("Failed: " + chunk.error()));
    tried.estimate().ifPresent(this::estimate);
    tried.remarks().forEach(screen::tell);
    screen.out().println();
    screen.out().flush();
  }

  private void chunks(UpdateDefinition update, List<TriedChunk> chunks) {
    var key = update.work().key();
    var filters = chunks.stream().anyMatch(chunk -> chunk.matching() != chunk.walked());
    var columns = new ArrayList<Column>();
    columns.add(Table.text(key.isEmpty() ? "AFTER" : "AFTER " + String.join(", ", key)));
    columns.add(Table.number("ROWS"));
    if (filters) {
      columns.add(Table.number("MATCHING"));
    }
    List.of("CHANGED", "MS", "BUFFERS", "WAL").forEach(title -> columns.add(Table.number(title)));
    var table = new Table(columns.toArray(Column[]::new));
    for (var chunk : chunks) {
      var cells = new ArrayList<String>();
      cells.add(chunk.after() == null ? "the beginning" : String.join(", ", chunk.after()));
      cells.add(chunk.error() == null ? Numbers.grouped(chunk.walked()) : "failed");
      if (filters) {
        cells.add(figure(chunk, chunk.matching()));
      }
      cells.add(figure(chunk, chunk.changed()));
      cells.add(String.format(Locale.ROOT, "%,.1f", chunk.took().toNanos() / 1e6));
      var cost = chunk.cost();
      cells.add(cost == null ? "-" : Numbers.grouped(cost.buffers()));
      cells.add(cost == null ? "-" : Numbers.bytes(cost.wal()));
      table.row(cells.toArray(String[]::new));
    }
    table.print(screen);
  }

  private static String figure(TriedChunk chunk, @Nullable Long figure) {
    return figure == null || chunk.error() != null ? "-" : Numbers.grouped(figure);
  }

  private void estimate(Estimate estimate) {
    var facts = new DescriptionList().add("rows to walk", count(estimate.rows()));
    if (!estimate.matching().equals(estimate.rows())) {
      facts.add("matching", count(estimate.matching()));
    }
    facts.add(
        "rows to change", estimate.changed() == null ? "not known" : count(estimate.changed()));
    facts.add("chunks", count(estimate.chunks()));
    facts.add("time in chunks", time(estimate.workingMs()));
    facts.add("with the waits", time(estimate.totalMs()));
    if (estimate.wal() != null) {
      facts.add("WAL", text(estimate.wal(), Numbers::bytes));
    }
    facts.print(screen);
  }

  private static String count(Range range) {
    return range.least() == range.most()
        ? Numbers.grouped(Math.round(range.likely()))
        : text(range, figure -> Numbers.grouped(rounded(figure)));
  }

  private static long rounded(double figure) {
    return BigDecimal.valueOf(figure)
        .round(THREE_FIGURES)
        .setScale(0, RoundingMode.HALF_UP)
        .longValue();
  }

  private static String time(Range ms) {
    return text(ms, figure -> Durations.human(Duration.ofNanos((long) (figure * 1e6))));
  }

  private static String text(Range range, DoubleFunction<String> form) {
    var least = form.apply(range.least());
    var most = form.apply(range.most());
    return least.equals(most) ? "about " + least : least + " to " + most;
  }

  void json(
      String database, String job, List<String> warnings, Map<UpdateDefinition, DryRun> tried) {
    var updates =
        tried.entrySet().stream()
            .map(update -> UpdateJson.of(update.getKey(), update.getValue()))
            .toList();
    JsonOutput.print(screen, new DryRunJson(database, job, updates, warnings));
  }

  /** The stable form of a dry run. */
  private record DryRunJson(
      String database, String job, List<UpdateJson> updates, List<String> warnings) {}

  /** That of an update. */
  private record UpdateJson(
      String update,
      String kind,
      List<ChunkJson> chunks,
      @Nullable EstimateJson estimate,
      List<String> remarks) {

    static UpdateJson of(UpdateDefinition update, DryRun tried) {
      return new UpdateJson(
          update.name(),
          update.work().describe(sql -> sql.text()).kind(),
          tried.chunks().stream().map(ChunkJson::of).toList(),
          tried.estimate().map(EstimateJson::of).orElse(null),
          tried.remarks());
    }
  }

  /** That of a chunk; what is measured is of the chunk that follows it, and of its keys. */
  private record ChunkJson(
      @Nullable List<String> after,
      int size,
      long walked,
      long matching,
      @Nullable Long changed,
      double durationMs,
      double waitedMs,
      @Nullable Long measuredKeys,
      @Nullable Long buffers,
      @Nullable Long walBytes,
      @Nullable String error) {

    static ChunkJson of(TriedChunk chunk) {
      var cost = chunk.cost();
      return new ChunkJson(
          chunk.after(),
          chunk.size(),
          chunk.walked(),
          chunk.matching(),
          chunk.changed(),
          chunk.took().toNanos() / 1e6,
          chunk.waited().toNanos() / 1e6,
          cost == null ? null : cost.walked(),
          cost == null ? null : cost.buffers(),
          cost == null ? null : cost.wal(),
          chunk.error());
    }
  }

  /** That of an estimate. */
  private record EstimateJson(
      Range walked,
      Range matching,
      @Nullable Range changed,
      Range chunks,
      Range workingMs,
      Range totalMs,
      @Nullable Range walBytes) {

    static EstimateJson of(Estimate estimate) {
      return new EstimateJson(
          estimate.rows(),
          estimate.matching(),
          estimate.changed(),
          estimate.chunks(),
          estimate.workingMs(),
          estimate.totalMs(),
          estimate.wal());
    }
  }
}
