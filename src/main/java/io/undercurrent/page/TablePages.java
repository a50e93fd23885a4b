package io.undercurrent.page;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.undercurrent.bean.Row;
import io.undercurrent.key.KeyOrder;
import io.undercurrent.key.KeysetSql;
import io.undercurrent.plan.Volatility;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.SqlTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The pages of a table by a unique key. With a filter, a chunk is a number of keys, and its items
 * are those that match.
 *
 * @param from the table
 * @param filter which keys are items, or null for all
 */
public record TablePages(String from, KeysetSql sql, Edges edges, @Nullable BoundSql filter)
    implements KeysetPages {

  private static final int TYPICAL = 100;

  public static TablePages of(JdbcTemplate jdbc, Read.Table table, Map<String, Object> values) {
    var key = table.key().stream().map(Column::quoted).collect(joining(", "));
    var source = BoundSql.of(table.table(), List.of());
    var columns = Column.of(jdbc, "SELECT " + key + " FROM " + table.table());
    new WalkedTable(jdbc, table.table(), table.key()).check();
    var order = KeyOrder.of(jdbc, source, columns);
    KeyRule.of(jdbc, table.table(), order).check();
    var filter = table.where() == null ? null : filter(jdbc, table.table(), table.where(), values);
    return new TablePages(
        table.table(),
        KeysetPages.sql(columns, order, source, table.walk()),
        Edges.of(table.walk(), columns, values),
        filter);
  }

  private static BoundSql filter(
      JdbcTemplate jdbc, String table, Sql where, Map<String, Object> values) {
    var template = SqlTemplate.parse(where.text(), values);
    var filter = BoundSql.of(template, values);
    var all = "SELECT FROM " + table + " WHERE (" + filter.text() + "\n)";
    new Volatility(jdbc).refuse("where", template, BoundSql.of(all, filter.parameters()));
    return filter;
  }

  @Override
  public TablePages with(KeysetSql sql) {
    return new TablePages(from, sql, edges, filter);
  }

  @Override
  public BoundSql matching() {
    var all = sql.all();
    if (filter == null) {
      return all;
    }
    var parameters = new ArrayList<>(all.parameters());
    parameters.addAll(filter.parameters());
    return BoundSql.of(all.text() + " WHERE (" + filter.text() + "\n)", parameters);
  }

  @Override
  public List<BoundSql> statements(@Nullable List<String> after, List<String> upTo) {
    var bounded = sql.upTo(upTo);
    return filter == null
        ? List.of(bounded.page(after, 1))
        : List.of(bounded.end(after, 1), sql.items(after, upTo, 1, filter));
  }

  /** By its unique index each chunk is found; a filter may do anything besides. */
  @Override
  public List<BoundSql> typical(JdbcTemplate jdbc) {
    if (filter == null) {
      return List.of();
    }
    var rows = new KeysetRows(jdbc, sql);
    return rows.keys(sql.end(null, TYPICAL)).stream()
        .limit(1)
        .map(end -> sql.items(null, rows.key(end), TYPICAL + 1, filter))
        .toList();
  }

  @Override
  public List<BoundSql> again(KeysetChunk chunk) {
    var bounded = sql.upTo(requireNonNull(chunk.end(), "end"));
    var start = chunk.start();
    return filter == null
        ? List.of(bounded.page(start, chunk.rowsWalked()))
        : List.of(
            bounded.end(start, chunk.rowsWalked()),
            sql.items(start, chunk.end(), chunk.rows().size() + 1, filter));
  }

  @Override
  public Optional<String> table(JdbcTemplate jdbc) {
    return Optional.of(from);
  }

  @Override
  public Optional<KeySample> sample(JdbcTemplate jdbc, int parts) {
    return KeySample.of(jdbc, from, sql, parts);
  }

  @Override
  public KeysetChunk read(JdbcTemplate jdbc, KeysetChunk before, ChunkBounds bounds) {
    var rows = new KeysetRows(jdbc, sql);
    return filter == null
        ? page(rows, before, bounds.rows())
        : filtered(rows, before, bounds, filter);
  }

  /** Walks over so many keys after a chunk without reading their rows: the chunk has none. */
  KeysetChunk walk(JdbcTemplate jdbc, KeysetChunk before, int size) {
    var rows = new KeysetRows(jdbc, sql);
    var ends = rows.only(sql.nth(before.end(), size));
    if (!ends.isEmpty()) {
      return before.next(List.of(), rows.key(ends.get(0)), size, size, ends.size() == 1);
    }
    var last = rows.keys(sql.end(before.end(), size));
    if (last.isEmpty()) {
      return before.nothing();
    }
    var count = Integer.parseInt(rows.afterKey(last.get(0)));
    // Others may have come in front of the last one since there were fewer.
    return before.next(List.of(), rows.key(last.get(0)), count, count, count < size);
  }

  /** The same walk, but only up to a key; so many of its rows are deleted by now. */
  KeysetChunk walkTo(JdbcTemplate jdbc, KeysetChunk walked, List<String> key, int deleted) {
    var left = sql.count(walked.start(), key).query(jdbc, (row, number) -> row.getInt(1)).get(0);
    var count = left + deleted;
    return walked.cutAt(0, key, count, count);
  }

  @Override
  public List<Row> only(JdbcTemplate jdbc, List<String> key) {
    return new KeysetRows(jdbc, sql).items(sql.only(key, filter));
  }

  @Override
  public KeysetChunk cut(JdbcTemplate jdbc, KeysetChunk chunk, int rows) {
    var found = new KeysetRows(jdbc, sql);
    var key = found.key(chunk.rows().get(rows - 1));
    if (filter == null) {
      return chunk.cutAt(rows, key, rows, rows);
    }
    var walked = found.keys(sql.upTo(key).end(chunk.start(), chunk.rowsWalked()));
    var count = Integer.parseInt(found.afterKey(walked.get(0)));
    return chunk.cutAt(rows, key, count, count);
  }

  @Override
  public KeysetChunk before(JdbcTemplate jdbc, KeysetChunk chunk, int row) {
    if (filter == null) {
      return KeysetPages.super.before(jdbc, chunk, row);
    }
    var found = new KeysetRows(jdbc, sql);
    var key = found.key(chunk.rows().get(row));
    var walked = found.keys(sql.upTo(key).end(chunk.start(), chunk.rowsWalked()));
    var count = Integer.parseInt(found.afterKey(walked.get(0))) - 1;
    return count == 0
        ? KeysetChunk.endingAt(chunk.start())
        : chunk.cutAt(row, found.key(walked.get(1)), count, count);
  }

  private static KeysetChunk page(KeysetRows rows, KeysetChunk before, int size) {
    var found = rows.page(before.end(), size);
    if (found.isEmpty()) {
      return before.nothing();
    }
    var walked = Math.min(size, found.size());
    var end = rows.key(found.get(walked - 1));
    return before.next(found.subList(0, walked), end, walked, walked, walked == found.size());
  }

  private KeysetChunk filtered(
      KeysetRows rows, KeysetChunk before, ChunkBounds bounds, BoundSql filter) {
    var size = bounds.rows();
    var ends = rows.keys(sql.end(before.end(), size + 1));
    if (ends.isEmpty()) {
      return before.nothing();
    }
    var count = Integer.parseInt(rows.afterKey(ends.get(0)));
    var last = count <= size;
    var end = rows.key(ends.get(last ? 0 : 1));
    var walked = Math.min(size, count);
    var most = Math.min(bounds.written(), size);
    var items = rows.items(sql.items(before.end(), end, most + 1, filter));
    var chunk = before.next(items, end, walked, walked, last);
    return items.size() > most ? cut(rows.jdbc(), chunk, most) : chunk;
  }
}
