package io.undercurrent.rows;

import io.undercurrent.database.RefusedException;
import io.undercurrent.iteration.Checkpoint;
import io.undercurrent.iteration.HopelessException;
import io.undercurrent.iteration.Progress;
import io.undercurrent.sql.BoundSql;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Reads rows in key order, a chunk at a time; {@link #read} returns null at the end of the chunk,
 * and {@link #exhausted} tells whether that was the end of all.
 *
 * <p>Its position is the last key of the last chunk, in the step's execution context. So is the key
 * that was the greatest when the run began: rows that are inserted after it are none of the run's,
 * the run's own ones included. The context of a run that an older version began has no such end;
 * that run ends where no key follows.
 */
final class KeysetReader implements ItemStreamReader<Row> {

  private static final String AXIS = "undercurrent.axis";
  private static final Pattern PLAN_ROWS = Pattern.compile("\"Plan Rows\": (\\d+)");
  private static final Pattern WEIGHT = Pattern.compile("\\d+(\\.\\d+)?(e[+-]\\d+)?");

  /** So heavy that a chunk has no second one; a hundred thousand of them still fit into a long. */
  private static final BigDecimal HEAVIEST = BigDecimal.valueOf(1L << 40);

  /** With weights a page may need far fewer rows than items; it grows by this factor at most. */
  private static final int GROWTH = 4;

  private static final int LEAST_PAGE = 25;

  private final JdbcTemplate jdbc;
  private final Deque<Row> chunk = new ArrayDeque<>();

  private KeysetPages pages;
  private @Nullable List<String> position;
  private @Nullable List<String> start;
  private boolean exhausted;
  private long items;
  private int rowsWalked;
  private int rowsMatching;

  KeysetReader(JdbcTemplate jdbc, KeysetPages pages) {
    this.jdbc = jdbc;
    this.pages = pages;
  }

  KeysetPages pages() {
    return pages;
  }

  @Override
  public void open(ExecutionContext context) {
    position = Checkpoint.position(context.toMap());
    var end = Checkpoint.end(context.toMap());
    if (isFresh(context)) {
      return;
    }
    // A run that an older version began does not tell.
    var before = context.getString(AXIS, pages.axis());
    if (!before.equals(pages.axis())) {
      throw new RefusedException(
          "expected to read %s, as when this run began, found %s. Put that back, or begin a new run with: cancel and start"
              .formatted(before, pages.axis()));
    }
    requireKeyOf(position);
    requireKeyOf(end);
    if (end != null) {
      pages = pages.upTo(end);
    }
  }

  private void requireKeyOf(@Nullable List<String> key) {
    if (key != null && key.size() != pages.keyColumns()) {
      throw new RefusedException(
          "expected the key %s to have the columns that it had when this run began, found the position %s. Put the key back, or begin a new run with: cancel and start"
              .formatted(pages.names().subList(0, pages.keyColumns()), key));
    }
  }

  /** Whether a run has not begun to read, so that its end is still to be looked up. */
  static boolean isFresh(ExecutionContext context) {
    return !context.containsKey(Checkpoint.POSITION) && !context.containsKey(Checkpoint.END);
  }

  /** Looks up where the run ends, and notes it; where there is nothing, all is read already. */
  void freezeEnd(ExecutionContext context) {
    var greatest = pages.greatest().query(jdbc, (row, number) -> row(row::getString, 1));
    if (greatest.isEmpty()) {
      exhausted = true;
      return;
    }
    var end = key(greatest.get(0));
    if ("true".equals(greatest.get(0).values().get(pages.keyColumns()))) {
      throw new IllegalStateException(
          "expected the greatest key to be %s, found one beyond it: its text form stands for another value. Name another key"
              .formatted(end));
    }
    pages = pages.upTo(end);
    update(context);
  }

  /** How many rows there are in all by the planner's estimate, 0 if it does not say. */
  long estimate() {
    var all = pages.all();
    var plan =
        BoundSql.of("EXPLAIN (FORMAT JSON) " + all.text(), all.parameters())
            .query(jdbc, (row, number) -> row.getString(1));
    var rows = PLAN_ROWS.matcher(String.join("", plan));
    return rows.find() ? Long.parseLong(rows.group(1)) : 0;
  }

  /**
   * Reads the next chunk of at most so many items, within the iteration's transaction; at most
   * {@value Progress#MOST_ROWS} rows whatever the size.
   */
  void beginChunk(int size) {
    start = position;
    chunk.clear();
    if (pages.filter() == null) {
      readPage(size);
    } else {
      readFiltered(Math.min(size, Progress.MOST_ROWS), pages.filter());
    }
  }

  private void readPage(int size) {
    var most = Math.min(size, Progress.MOST_ROWS);
    var limit =
        pages.weight() < 0 ? most : Math.min(most, Math.max(LEAST_PAGE, GROWTH * rowsWalked));
    var rows =
        pages.page(position, withOneMore(limit)).query(jdbc, (row, number) -> row(row::getString));
    refuseDuplicates(rows);
    items = 0;
    for (var row : rows) {
      var weight = weight(row);
      if (chunk.size() == limit || !chunk.isEmpty() && items + weight > size) {
        break;
      }
      chunk.add(row);
      items += weight;
    }
    rowsWalked = chunk.size();
    rowsMatching = chunk.size();
    exhausted = rowsWalked == rows.size();
    if (!chunk.isEmpty()) {
      moveTo(key(chunk.getLast()));
    }
  }

  private void readFiltered(int size, BoundSql filter) {
    var limit = withOneMore(size);
    var ends = pages.end(position, limit).query(jdbc, (row, number) -> row(row::getString, 1));
    rowsWalked = ends.isEmpty() ? 0 : Math.min(size, count(ends.get(0)));
    exhausted = ends.isEmpty() || count(ends.get(0)) <= size;
    items = rowsWalked;
    if (!ends.isEmpty()) {
      var end = key(ends.get(exhausted ? 0 : 1));
      chunk.addAll(
          pages.items(position, end, filter).query(jdbc, (row, number) -> row(row::getString)));
      moveTo(end);
    }
    rowsMatching = Math.min(chunk.size(), rowsWalked);
  }

  private int count(Row end) {
    return Integer.parseInt(String.valueOf(end.values().get(pages.keyColumns())));
  }

  /** One row more than wanted tells whether there is another chunk, and that its key differs. */
  private static int withOneMore(int limit) {
    return limit == Integer.MAX_VALUE ? limit : limit + 1;
  }

  private void moveTo(List<String> key) {
    if (key.equals(position)) {
      throw new HopelessException(
          "expected keys behind %s, found it again: its text form stands for another value. Name another key"
              .formatted(key));
    }
    position = key;
  }

  private Row row(Cells cells) throws SQLException {
    return row(cells, pages.columns().size() - pages.keyColumns());
  }

  private Row row(Cells cells, int behindKey) throws SQLException {
    var values = new ArrayList<@Nullable String>();
    for (int i = 1; i <= pages.keyColumns() + behindKey; i++) {
      values.add(cells.get(i));
    }
    return new Row(pages.names(), values);
  }

  /** The cells of a result's row, from 1. */
  private interface Cells {
    @Nullable String get(int index) throws SQLException;
  }

  private List<String> key(Row row) {
    var key = new ArrayList<String>();
    for (var value : row.values().subList(0, pages.keyColumns())) {
      if (value == null) {
        throw new HopelessException(
            "expected no NULL in the key of 'read.sql', found %s. Leave such rows out in the query"
                .formatted(row));
      }
      key.add(value);
    }
    return key;
  }

  private void refuseDuplicates(List<Row> rows) {
    var keys = rows.stream().map(this::key).toList();
    for (int i = 1; i < keys.size(); i++) {
      if (keys.get(i).equals(keys.get(i - 1))) {
        throw duplicates(keys.get(i) + " twice");
      }
    }
    if (!pages.oneTextPerKey() && keys.size() > 1) {
      refuseEqual(keys);
    }
  }

  /** Texts may differ where keys are equal: {@code 1.0} and {@code 1.00}. */
  private void refuseEqual(List<List<String>> keys) {
    pages
        .order()
        .twins(keys)
        .query(
            jdbc,
            (row, number) -> List.of(keys.get(row.getInt(1) - 1), keys.get(row.getInt(2) - 1)))
        .forEach(
            twins -> {
              throw duplicates("%s and %s, which are equal".formatted(twins.get(0), twins.get(1)));
            });
  }

  private static HopelessException duplicates(String found) {
    return new HopelessException(
        "expected the key of 'read.sql' to be unique, found %s. Add DISTINCT, or the columns that tell the rows apart"
            .formatted(found));
  }

  private long weight(Row row) {
    if (pages.weight() < 0) {
      return 1;
    }
    var text = row.values().get(pages.weight());
    if (text == null || !WEIGHT.matcher(text).matches()) {
      throw new HopelessException(
          "expected a weight of 0 or more, found %s at %s".formatted(text, key(row)));
    }
    return new BigDecimal(text).min(HEAVIEST).longValue();
  }

  @Override
  public @Nullable Row read() {
    return chunk.poll();
  }

  /** Whether nothing lies behind the chunk that was begun last. */
  boolean exhausted() {
    return exhausted;
  }

  /** What the chunk counts: its rows, or the sum of their weights. */
  long items() {
    return items;
  }

  /** How many keys the chunk walked over. */
  int rowsWalked() {
    return rowsWalked;
  }

  /** How many of them do not match the filter. */
  int rowsFiltered() {
    return rowsWalked - rowsMatching;
  }

  /** Where the chunk that was begun last is, for messages. */
  String place() {
    var from = start == null ? "" : " behind " + start;
    var to = Objects.equals(start, position) ? "" : " up to " + position;
    return from.isEmpty() && to.isEmpty() ? "in the first chunk" : "in the chunk" + from + to;
  }

  @Override
  public void update(ExecutionContext context) {
    var last = pages.last();
    if (position != null) {
      context.putString(Checkpoint.POSITION, Checkpoint.text(position));
    }
    if (last != null) {
      context.putString(Checkpoint.END, Checkpoint.text(last));
    }
    if (position != null || last != null) {
      context.putString(AXIS, pages.axis());
    }
  }
}
