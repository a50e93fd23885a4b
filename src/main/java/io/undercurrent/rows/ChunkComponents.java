package io.undercurrent.rows;

import static java.util.Objects.requireNonNull;

import io.undercurrent.bean.BeanCaller;
import io.undercurrent.bean.Processing;
import io.undercurrent.bean.Row;
import io.undercurrent.bean.WriterBean;
import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.page.ChunkBounds;
import io.undercurrent.page.KeysetChunk;
import io.undercurrent.page.KeysetPages;
import io.undercurrent.page.KeysetReader;
import io.undercurrent.page.TablePages;
import io.undercurrent.rows.ReadWrite.Process;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.sql.MeasuredCost;
import io.undercurrent.sql.Sql;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemStream;
import org.springframework.batch.infrastructure.item.ItemWriter;

/**
 * What takes part in the chunks of one execution.
 *
 * @param reader reads the items
 * @param processing changes them or leaves them out, or null
 * @param outside whether it does so before the transaction
 * @param writer writes them
 * @param guard how they read
 * @param ranges works chunks off in the server, or null if the keys have to leave it
 */
record ChunkComponents(
    KeysetReader reader,
    @Nullable Processing processing,
    boolean outside,
    ItemWriter<Row> writer,
    Guard guard,
    @Nullable RangeChunks ranges) {

  /**
   * Those that a job file asks for; the database is asked for the types of the columns.
   *
   * @throws io.undercurrent.database.RefusedException if the definition does not fit the database
   */
  static ChunkComponents of(UpdateContext update, ReadWrite work) {
    return of(update, work, Optional.empty());
  }

  /**
   * The same.
   *
   * @param change how its statement is asked for a range of keys; empty if it cannot be
   */
  static ChunkComponents of(UpdateContext update, ReadWrite work, Optional<RangeChange> change) {
    var pages = KeysetPages.of(update.jdbc(), work.read(), update.values());
    var found = Guard.of(update.jdbc(), work, pages, update.values());
    var writer = writer(update, work, found);
    var range = RangeWriter.of(update.jdbc(), work, change, update.values(), update.time());
    var guard = range.isEmpty() ? found : found.ofOneStatement(RangeWriter.BY_INDEX);
    var reader = new KeysetReader(update.jdbc(), guard.pages());
    return new ChunkComponents(
        reader,
        work.process() == null ? null : processing(update, work.process()),
        work.process() != null && work.process().outsideTransaction(),
        writer,
        guard,
        range.map(each -> new RangeChunks(reader, each, update.time())).orElse(null));
  }

  @SuppressWarnings("unchecked")
  private static Processing processing(UpdateContext update, Process process) {
    var bean = process.bean();
    var caller =
        process.outsideTransaction()
            ? BeanCaller.limited(bean, update.databaseName(), process.timeout(), update.time())
            : BeanCaller.direct(bean);
    return new Processing(
        bean, update.beans().get(bean, ItemProcessor.class), caller, update.time());
  }

  @SuppressWarnings("unchecked")
  private static ItemWriter<Row> writer(UpdateContext update, ReadWrite work, Guard guard) {
    if (work.write() instanceof Write.Bean bean) {
      var batch = update.settings().batch();
      return new WriterBean(
          bean.name(),
          update.beans().get(bean.name(), ItemWriter.class),
          batch.first() == null ? 0 : batch.first(),
          batch.min() == null ? 1 : batch.min());
    }
    var statements =
        ((Write.Statements) work.write()).statements().stream().map(Sql::text).toList();
    var rule = new WriteRule(update.jdbc(), work.read(), guard.pages(), update.values());
    for (int i = 0; i < statements.size(); i++) {
      rule.check(statements.get(i), guard.footprint().writes().get(i));
    }
    return new SetBasedWriter(
            update.jdbc(),
            statements,
            guard.pages().columns(),
            update.values(),
            !guard.footprint().writeTrees().isEmpty())
        .expecting(work.expect());
  }

  /** Puts the reader and the beans where the context says that the run is. */
  void open(ExecutionContext context) {
    reader.open(context);
    openBeans(context);
  }

  /** Puts the beans there that keep something in the context. */
  void openBeans(ExecutionContext context) {
    streams().forEach(stream -> stream.open(context));
  }

  void closeBeans() {
    streams().forEach(ItemStream::close);
  }

  void close() {
    closeBeans();
    reader.close();
  }

  /** Writes into the context where the run is with a chunk. */
  void save(KeysetChunk chunk, ExecutionContext context) {
    reader.save(chunk, context);
    saveBeans(context);
  }

  /** Has the beans write there what they keep. */
  void saveBeans(ExecutionContext context) {
    streams().forEach(stream -> stream.update(context));
  }

  private List<ItemStream> streams() {
    return Stream.of(processorStream(), writerBean().flatMap(WriterBean::stream))
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<ItemStream> processorStream() {
    return processing == null ? Optional.empty() : processing.stream();
  }

  Optional<WriterBean> writerBean() {
    return writer instanceof WriterBean bean ? Optional.of(bean) : Optional.empty();
  }

  /** Whether a bean keeps something in the context. */
  boolean keepsState() {
    return !streams().isEmpty();
  }

  /** Has a bean that keeps something in the context begin anew, where the context says. */
  void reopenBeans(ExecutionContext context) {
    closeBeans();
    openBeans(context);
    if (processing != null && processorStream().isPresent()) {
      processing.forget();
    }
  }

  /**
   * How large a chunk may be.
   *
   * @param items how many items it may have by the pace
   * @param written how many rows it may write by the pace
   */
  ChunkBounds bounds(int items, int written, Duration target) {
    var bean = writerBean();
    if (bean.isEmpty()) {
      return new ChunkBounds(items, written);
    }
    var most = bean.get().most(target);
    return new ChunkBounds(isFiltered() ? items : Math.min(items, most), Math.min(written, most));
  }

  /** Learns how long the writing of a chunk has taken. */
  void took(KeysetChunk chunk, Duration duration) {
    writerBean()
        .ifPresent(bean -> bean.took(isFiltered() ? chunk.rows().size() : chunk.items(), duration));
  }

  private boolean isFiltered() {
    return guard.pages() instanceof TablePages table && table.filter() != null;
  }

  /** Rows as they are to be written, without those that are left out. */
  Chunk<Row> process(List<Row> rows) {
    return processing == null ? new Chunk<>(rows) : processing.all(rows);
  }

  /**
   * What the bean has made of rows before.
   *
   * @throws IllegalStateException if it has not seen one as it is now
   */
  Chunk<Row> processed(List<Row> rows) {
    var bean = requireNonNull(processing, "processing");
    var done = bean.of(rows);
    if (done.rows() < rows.size()) {
      throw new IllegalStateException(
          "expected the row to stay as it was while bean '%s' worked on it, found it changed"
              .formatted(bean.bean()));
    }
    return done.output();
  }

  /** Writes a chunk by statements, and says what each has cost. */
  List<MeasuredCost> measure(Chunk<Row> chunk) {
    return writer instanceof SetBasedWriter statements && !chunk.isEmpty()
        ? statements.measure(chunk)
        : List.of();
  }

  /** Writes a chunk; what a bean changes is not known. */
  ChangedRows write(Chunk<Row> chunk) {
    if (writer instanceof SetBasedWriter statements) {
      return statements.writeCounting(chunk);
    }
    ((WriterBean) writer).write(chunk);
    return ChangedRows.UNKNOWN;
  }
}
