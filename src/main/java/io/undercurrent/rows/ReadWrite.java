package io.undercurrent.rows;

import static java.util.stream.Collectors.joining;

import io.undercurrent.iteration.Progress;
import io.undercurrent.key.KeyAxis;
import io.undercurrent.key.PrimaryKey;
import io.undercurrent.kind.ChangeDoubt;
import io.undercurrent.kind.Description;
import io.undercurrent.kind.Incidental;
import io.undercurrent.page.Read;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.TableNames;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Chunks of items: read by key, optionally processed, written.
 *
 * @param read where the items come from
 * @param process what each item passes, or null
 * @param write where they go
 * @param expect how many rows each statement changes for each item of a chunk, or null if the file
 *     does not say
 */
public record ReadWrite(
    Read read, @Nullable Process process, Write write, @Nullable ChangedPerItem expect)
    implements ChunkedWork {

  /**
   * Work of which the file does not say how many rows it changes.
   *
   * @param process the name of a bean that each item passes in the transaction, or null
   */
  public ReadWrite(Read read, @Nullable String process, Write write) {
    this(read, process == null ? null : Process.inTransaction(process), write, null);
  }

  @Override
  public Description describe(Function<Sql, String> shortened) {
    var description = Description.of("read-write", "read and write, in chunks");
    read.describe(description, shortened);
    describeProcess(description);
    write.describe(description, shortened);
    description.field("changed_per_item", expect == null ? null : expect.range());
    if (expect != null) {
      description.fact("expects", expect.words() + " changed for each item");
    }
    return description;
  }

  private void describeProcess(Description description) {
    description.field("process_bean", process == null ? null : process.bean);
    description.field(
        "process_outside_transaction", process == null ? null : process.outsideTransaction);
    description.field(
        "process_timeout_ms",
        process == null || !process.outsideTransaction ? null : process.timeout.toMillis());
    if (process != null) {
      description.fact("process", process.words());
    }
  }

  /** A table's key is its primary key, unless the file names another. */
  @Override
  public ReadWrite expand(JdbcTemplate jdbc, Map<String, Object> values) {
    return read instanceof Read.Table table && table.key().isEmpty()
        ? new ReadWrite(table.by(PrimaryKey.of(jdbc, table.table())), process, write, expect)
        : this;
  }

  @Override
  public Optional<Description> expansion(
      JdbcTemplate jdbc, Map<String, Object> values, Function<Sql, String> shortened) {
    if (!(read instanceof Read.Table table) || !table.key().isEmpty()) {
      return Optional.empty();
    }
    var description = Description.of("read-write", "the same, by its primary key");
    expand(jdbc, values).read.describe(description, shortened);
    return Optional.of(description);
  }

  @Override
  public List<String> key() {
    return read.key();
  }

  @Override
  public Optional<KeyAxis> axis(JdbcClient jdbc) {
    return read instanceof Read.Table table
        ? Optional.of(
            new KeyAxis(jdbc, table.table(), table.key().isEmpty() ? null : table.key().get(0))
                .walked(table.walk().isBounded(), table.walk().descending()))
        : Optional.empty();
  }

  @Override
  public Optional<String> undivided() {
    return read instanceof Read.Csv
        ? Optional.of("the lines of a file are read one after the other")
        : Optional.empty();
  }

  @Override
  public Optional<String> counts() {
    return read instanceof Read.Csv ? Optional.of("lines") : Optional.empty();
  }

  @Override
  public Map<String, Class<?>> beans() {
    var beans = new LinkedHashMap<String, Class<?>>();
    if (process != null) {
      beans.put(process.bean, ItemProcessor.class);
    }
    if (write instanceof Write.Bean bean) {
      beans.put(bean.name(), ItemWriter.class);
    }
    return beans;
  }

  @Override
  public Optional<String> doubt(Progress progress) {
    return expect == null ? ChangeDoubt.of(progress) : Optional.empty();
  }

  @Override
  public List<String> tables(JdbcTemplate jdbc, Map<String, Object> values) {
    return TableNames.qualified(jdbc, Footprint.changed(jdbc, expand(jdbc, values), values));
  }

  /**
   * A bean that each item passes.
   *
   * @param bean the name of an {@code ItemProcessor}
   * @param outsideTransaction whether it works before the transaction, and not in it
   * @param timeout how long it may take for an item then
   */
  public record Process(String bean, boolean outsideTransaction, @Incidental Duration timeout) {

    /** How long an item may take where the file does not say. */
    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** A bean that works in the transaction. */
    public static Process inTransaction(String bean) {
      return new Process(bean, false, TIMEOUT);
    }

    String words() {
      return outsideTransaction
          ? "bean %s, outside the transaction, at most %s for a row"
              .formatted(
                  bean,
                  timeout.toMillis() % 1000 == 0
                      ? timeout.toSeconds() + " s"
                      : timeout.toMillis() + " ms")
          : "bean " + bean;
    }
  }

  /** Where items go. */
  public sealed interface Write {

    void describe(Description description, Function<Sql, String> shortened);

    /** Statements that each see the chunk's items as the relation {@code chunk}. */
    record Statements(List<Sql> statements) implements Write {

      @Override
      public void describe(Description description, Function<Sql, String> shortened) {
        description
            .fact("write", statements.stream().map(shortened).collect(joining("\n")))
            .field("statements", statements.stream().map(Sql::text).toList());
      }
    }

    /** An {@code ItemWriter} bean of that name. */
    record Bean(String name) implements Write {

      @Override
      public void describe(Description description, Function<Sql, String> shortened) {
        description.fact("write", "bean " + name).field("write_bean", name);
      }
    }
  }
}
