package io.undercurrent.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an update does: read and write in chunks, or run SQL once. */
public sealed interface Work {

  /**
   * Chunks of items: read by key, optionally processed, written.
   *
   * @param read where the items come from
   * @param process name of an {@code ItemProcessor} bean that each item passes, or null
   * @param write where they go
   */
  record ReadWrite(Read read, @Nullable String process, Write write) implements Work {}

  /**
   * A one-shot: all statements in one transaction, in one iteration.
   *
   * @param statements the SQL, in order
   */
  record Run(List<Sql> statements) implements Work {}

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
