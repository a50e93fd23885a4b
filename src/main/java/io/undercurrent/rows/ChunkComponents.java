package io.undercurrent.rows;

import io.undercurrent.failure.BeanFailedException;
import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.sql.Sql;
import java.util.List;
import java.util.concurrent.Callable;
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
 * @param processor changes them or leaves them out, or null
 * @param writer writes them
 * @param guard how they read
 */
record ChunkComponents(
    KeysetReader reader,
    @Nullable ItemProcessor<Row, Row> processor,
    ItemWriter<Row> writer,
    Guard guard) {

  /**
   * Those that a job file asks for; the database is asked for the types of the columns.
   *
   * @throws io.undercurrent.database.RefusedException if the definition does not fit the database
   */
  static ChunkComponents of(UpdateContext update, ReadWrite work) {
    var pages = KeysetPages.of(update.jdbc(), work, update.values());
    var guard = Guard.of(update.jdbc(), work, pages, update.values());
    return new ChunkComponents(
        new KeysetReader(update.jdbc(), guard.pages()),
        processor(update, work),
        writer(update, work, guard),
        guard);
  }

  @SuppressWarnings("unchecked")
  private static @Nullable ItemProcessor<Row, Row> processor(UpdateContext update, ReadWrite work) {
    return work.process() == null ? null : update.beans().get(work.process(), ItemProcessor.class);
  }

  @SuppressWarnings("unchecked")
  private static ItemWriter<Row> writer(UpdateContext update, ReadWrite work, Guard guard) {
    if (work.write() instanceof Write.Bean bean) {
      return update.beans().get(bean.name(), ItemWriter.class);
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
    return Stream.of(processor, writer)
        .filter(ItemStream.class::isInstance)
        .map(ItemStream.class::cast)
        .toList();
  }

  /** The rows as they are to be written, without those that are left out. */
  Chunk<Row> process(List<Row> rows) {
    var processed = new Chunk<Row>();
    for (var row : rows) {
      var output = processor == null ? row : byBean(() -> processor.process(row));
      if (output != null) {
        processed.add(output);
      }
    }
    return processed;
  }

  /** Writes a chunk; what a bean changes is not known. */
  ChangedRows write(Chunk<Row> chunk) {
    if (writer instanceof SetBasedWriter statements) {
      return statements.writeCounting(chunk);
    }
    return byBean(
        () -> {
          writer.write(chunk);
          return ChangedRows.UNKNOWN;
        });
  }

  private static <T extends @Nullable Object> T byBean(Callable<T> work) {
    try {
      return work.call();
    } catch (Exception e) {
      throw new BeanFailedException(e);
    }
  }
}
