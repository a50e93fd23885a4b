package io.undercurrent.page;

import io.undercurrent.kind.Description;
import io.undercurrent.kind.Incidental;
import io.undercurrent.kind.Part;
import io.undercurrent.sql.Sql;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where items come from. */
public sealed interface Read {

  /** The columns that order the items and name each of them, at least one. */
  List<String> key();

  void describe(Description description, Function<Sql, String> shortened);

  /**
   * The keys of a table, walked in key order.
   *
   * @param table the table, as written in SQL
   * @param key its key columns; empty for its primary key
   * @param where which of the walked keys are items to write, or null for all
   * @param walk from where to where they are walked
   */
  record Table(String table, List<String> key, @Nullable Sql where, @Part("") Walk walk)
      implements Read {

    /** All keys, in ascending order. */
    public Table(String table, List<String> key, @Nullable Sql where) {
      this(table, key, where, Walk.ALL);
    }

    /** The same, but by that key. */
    public Table by(List<String> columns) {
      return new Table(table, columns, where, walk);
    }

    /** The same, but with all of the walked keys as items. */
    public Table unfiltered() {
      return new Table(table, key, null, walk);
    }

    @Override
    public void describe(Description description, Function<Sql, String> shortened) {
      var items = where == null ? "" : ", where " + shortened.apply(where);
      description
          .fact(
              "read",
              "table %s by (%s)%s%s"
                  .formatted(
                      table,
                      key.isEmpty() ? "its primary key" : String.join(", ", key),
                      walk.words(shortened),
                      items))
          .field("table", table)
          .field("key", key)
          .field("where", where == null ? null : where.text());
      walk.describe(description);
    }
  }

  /**
   * The rows of a query, which the engine pages by key.
   *
   * @param sql the author's query, without paging
   * @param key the columns of its result that order and name the rows
   * @param walk from where to where they are walked
   */
  record Query(Sql sql, List<String> key, @Part("") Walk walk) implements Read {

    /** All rows, in ascending order. */
    public Query(Sql sql, List<String> key) {
      this(sql, key, Walk.ALL);
    }

    @Override
    public void describe(Description description, Function<Sql, String> shortened) {
      description
          .fact(
              "read",
              "by (%s)%s: %s"
                  .formatted(String.join(", ", key), walk.words(shortened), shortened.apply(sql)))
          .field("key", key)
          .field("read_sql", sql.text());
      walk.describe(description);
    }
  }

  /**
   * The lines of a CSV file, in their order.
   *
   * @param file the file, as the job file names it
   * @param path where it is
   * @param names the columns that name a line, besides its number
   * @param types the types of columns that are no texts
   */
  record Csv(
      @Part("csv") String file,
      @Incidental Path path,
      @Part("key") List<String> names,
      @Part("columns") Map<String, String> types)
      implements Read {

    /** The column with the number of a line. */
    static final String LINE = "line";

    @Override
    public List<String> key() {
      return Stream.concat(Stream.of(LINE), names.stream()).toList();
    }

    @Override
    public void describe(Description description, Function<Sql, String> shortened) {
      description
          .fact("read", "the lines of %s, key (%s)".formatted(file, String.join(", ", names)))
          .field("csv", file)
          .field("key", names)
          .field("columns", types);
    }
  }
}
