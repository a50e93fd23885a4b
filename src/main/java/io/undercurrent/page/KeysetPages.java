package io.undercurrent.page;

import static java.util.stream.Collectors.joining;

import io.undercurrent.bean.Row;
import io.undercurrent.key.KeyOrder;
import io.undercurrent.key.KeyRange;
import io.undercurrent.key.KeysetSql;
import io.undercurrent.plan.StatementPlan;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** What an update reads, a chunk at a time in the order of a key. */
public sealed interface KeysetPages permits TablePages, QueryPages, CsvPages {

  /**
   * The pages of a job file; the database is asked about the key and its columns.
   *
   * @throws io.undercurrent.database.RefusedException if they cannot be read in order of the key
   */
  static KeysetPages of(JdbcTemplate jdbc, Read read, Map<String, Object> values) {
    if (read instanceof Read.Csv csv) {
      return CsvPages.of(jdbc, csv);
    }
    return read instanceof Read.Table table
        ? TablePages.of(jdbc, table, values)
        : QueryPages.of(jdbc, (Read.Query) read, values);
  }

  /** The statements that walk over a source in a direction. */
  static KeysetSql sql(List<Column> columns, KeyOrder order, BoundSql source, Walk walk) {
    return new KeysetSql(columns, order, source).within(KeyRange.ALL.descending(walk.descending()));
  }

  /** What is read, in words. */
  String from();

  /** The statements that walk over it. */
  KeysetSql sql();

  /** Where the author has the walk begin and end. */
  Edges edges();

  /** The same, but by those statements. */
  KeysetPages with(KeysetSql sql);

  /** The same, but from where to where a run goes that begins now; nothing if there is nothing. */
  default Optional<KeysetPages> frozen(JdbcTemplate jdbc) {
    return new WalkEnds(jdbc, this).look();
  }

  /** Looks at what no statement can check, before a run begins, with no transaction open. */
  default void survey(JdbcTemplate jdbc) {}

  /** Makes sure that what is read is what a run has begun with. */
  default void open(ExecutionContext context) {}

  /** Notes what it is. */
  default void save(ExecutionContext context) {}

  /** Lets go of what is open outside of the database. */
  default void close() {}

  /** The keys that are items, unpaged. */
  BoundSql matching();

  /** The statements that read a chunk after one key, or from the beginning, up to another. */
  List<BoundSql> statements(@Nullable List<String> after, List<String> upTo);

  /** The statements that read a chunk again. */
  List<BoundSql> again(KeysetChunk chunk);

  /**
   * Keys that part what is read into equal parts, by a sample; nothing where none can be taken.
   *
   * @throws org.springframework.dao.DataAccessException if one cannot be taken, likewise
   */
  Optional<KeySample> sample(JdbcTemplate jdbc, int parts);

  /** The table whose keys are walked, as written in SQL; empty where it is not just one. */
  Optional<String> table(JdbcTemplate jdbc);

  /** Reads the chunk that follows another, within the iteration's transaction. */
  KeysetChunk read(JdbcTemplate jdbc, KeysetChunk before, ChunkBounds bounds);

  /** The same chunk, but only up to one of its rows, which is not its last. */
  KeysetChunk cut(JdbcTemplate jdbc, KeysetChunk chunk, int rows);

  /**
   * The same chunk, but only up to the key before one of its rows; it walks over none if the chunk
   * begins with that row.
   */
  default KeysetChunk before(JdbcTemplate jdbc, KeysetChunk chunk, int row) {
    return row == 0 ? KeysetChunk.endingAt(chunk.start()) : cut(jdbc, chunk, row);
  }

  /** Reads the row with a key, if there is one and it is an item, within the transaction. */
  List<Row> only(JdbcTemplate jdbc, List<String> key);

  /** The key that follows a chunk, without the rest of its row, as a chunk that writes nothing. */
  default KeysetChunk nextKey(JdbcTemplate jdbc, KeysetChunk before) {
    var rows = new KeysetRows(jdbc, sql());
    var backwards = rows.keys(sql().end(before.end(), 2)).stream().map(rows::key).toList();
    if (backwards.isEmpty()) {
      return before.nothing();
    }
    refuseEqual(jdbc, backwards);
    var last = backwards.size() - 1;
    return before.next(List.of(), backwards.get(last), 1, 1, last == 0);
  }

  /**
   * Refuses keys that are equal, of which a page would leave all but the first out.
   *
   * @throws io.undercurrent.failure.HopelessException if two of them are
   */
  default void refuseEqual(JdbcTemplate jdbc, List<List<String>> keys) {}

  /**
   * Has the server plan all statements that a run will use; runs none.
   *
   * @throws org.springframework.dao.DataAccessException if one cannot be planned, or if the role
   *     lacks a privilege that it needs
   */
  default void explain(JdbcTemplate jdbc) {
    var some = Collections.nCopies(sql().keyColumns(), (String) null);
    sql().last().explain(jdbc);
    statements(null, some).forEach(statement -> statement.explain(jdbc));
    statements(some, some).forEach(statement -> statement.explain(jdbc));
  }

  /**
   * Checks them for a job file's author, without running them.
   *
   * @throws org.springframework.dao.DataAccessException as above
   * @throws io.undercurrent.database.RefusedException if they would return what cannot be used
   */
  default void check(JdbcTemplate jdbc) {
    explain(jdbc);
  }

  /**
   * The statements of a chunk as most are, to be planned. What is NULL in them stands for any
   * value; where the range of a chunk matters to the plan, the first keys are read.
   */
  List<BoundSql> typical(JdbcTemplate jdbc);

  /** How many keys a walk goes over, by the planner's estimate where they are not counted. */
  default long expectedRows(JdbcTemplate jdbc) {
    return StatementPlan.of(jdbc, edges().isEmpty() ? sql().all() : sql().walked()).rows();
  }

  /** What a position is a position on: {@code members by room_id (text), user_id (text)}. */
  default String axis() {
    return sql().key().stream()
        .map(column -> column.name() + " (" + column.order() + ")")
        .collect(joining(", ", from() + " by ", sql().range().descending() ? ", descending" : ""));
  }

  default List<Column> columns() {
    return sql().columns();
  }

  default List<String> names() {
    return sql().names();
  }
}
