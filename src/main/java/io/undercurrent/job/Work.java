package io.undercurrent.job;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an update does: read and write in chunks, run SQL once, or build an index. */
public sealed interface Work {

  /**
   * Chunks of items: read by key, optionally processed, written.
   *
   * @param read where the items come from
   * @param process name of an {@code ItemProcessor} bean that each item passes, or null
   * @param write where they go
   * @param expect how many rows each statement changes for each item of a chunk, or null if the
   *     file does not say
   */
  record ReadWrite(
      Read read, @Nullable String process, Write write, @Nullable ChangedPerItem expect)
      implements Work {

    /** Work of which the file does not say how many rows it changes. */
    public ReadWrite(Read read, @Nullable String process, Write write) {
      this(read, process, write, null);
    }
  }

  /**
   * A one-shot: all statements in one transaction, in one iteration.
   *
   * @param statements the SQL, in order
   */
  record Run(List<Sql> statements) implements Work {}

  /**
   * A one-shot: an index, built concurrently on a session of its own. Names are as in the
   * catalogue, not as SQL would write them, but for the table's.
   *
   * @param table the table, as written in SQL
   * @param name the index, which belongs to the table's schema
   * @param parts what it indexes: columns, or one expression
   * @param where which rows it has, or null for all
   * @param unique whether no two rows may be equal in it
   * @param using the access method, or null for the server's default
   * @param include columns that it only carries
   * @param with its storage parameters
   * @param replaces an index of the same table to drop once this one is valid, or null
   * @param line where it stands in its file
   */
  record CreateIndex(
      String table,
      String name,
      IndexParts parts,
      @Nullable Sql where,
      boolean unique,
      @Nullable String using,
      List<String> include,
      Map<String, String> with,
      @Nullable String replaces,
      int line)
      implements Work {}

  /** What an index is made of. */
  sealed interface IndexParts {

    /** Columns of the table, at least one. */
    record Columns(List<IndexColumn> columns) implements IndexParts {}

    /** One expression over them. */
    record Expression(Sql sql) implements IndexParts {}
  }

  /**
   * A column of an index, with what differs from the column's and the server's defaults.
   *
   * @param name the column
   * @param collation a collation, or null
   * @param operatorClass an operator class, or null
   * @param order {@code asc} or {@code desc}, or null
   * @param nulls {@code first} or {@code last}, or null
   */
  record IndexColumn(
      String name,
      @Nullable String collation,
      @Nullable String operatorClass,
      @Nullable String order,
      @Nullable String nulls) {

    public static IndexColumn named(String name) {
      return new IndexColumn(name, null, null, null, null);
    }
  }

  /** Where items come from. */
  sealed interface Read {

    /** The columns that order the items and name each of them, at least one. */
    List<String> key();

    /**
     * The keys of a table, walked in key order.
     *
     * @param table the table, as written in SQL
     * @param key its key columns
     * @param where which of the walked keys are items to write, or null for all
     */
    record Table(String table, List<String> key, @Nullable Sql where) implements Read {}

    /**
     * The rows of a query, which the engine pages by key.
     *
     * @param sql the author's query, without paging
     * @param key the columns of its result that order and name the rows
     */
    record Query(Sql sql, List<String> key) implements Read {}
  }

  /** Where items go. */
  sealed interface Write {

    /** Statements that each see the chunk's items as the relation {@code chunk}. */
    record Statements(List<Sql> statements) implements Write {}

    /** An {@code ItemWriter} bean of that name. */
    record Bean(String name) implements Write {}
  }

  /**
   * SQL as the author wrote it.
   *
   * @param text the SQL
   * @param line the line of the file on which it begins
   */
  record Sql(String text, int line) {}
}
