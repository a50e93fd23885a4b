package io.undercurrent.page;

import static java.util.Objects.requireNonNull;

import io.undercurrent.bean.Row;
import io.undercurrent.database.DidYouMean;
import io.undercurrent.database.RefusedException;
import io.undercurrent.iteration.Progress;
import io.undercurrent.key.KeyOrder;
import io.undercurrent.key.KeysetSql;
import io.undercurrent.key.NullKeys;
import io.undercurrent.plan.Volatility;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import io.undercurrent.sql.SqlTemplate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The pages of a query by columns of its result that should be unique. Its rows may have weights,
 * which a chunk counts instead of rows.
 *
 * @param weight how many items a row counts for, or null for one
 */
record QueryPages(KeysetSql sql, Edges edges, @Nullable Weight weight) implements KeysetPages {

  /** With weights a page may need far fewer rows than items; it grows by this factor at most. */
  private static final int GROWTH = 4;

  private static final int LEAST_PAGE = 25;

  static KeysetPages of(JdbcTemplate jdbc, Read.Query query, Map<String, Object> values) {
    var template = SqlTemplate.parse(query.sql().text(), values);
    var sql = BoundSql.of(template, values);
    var source = BoundSql.of("(\n" + sql.text() + "\n) q", sql.parameters());
    var columns = keyFirst(Column.of(jdbc, "SELECT * FROM " + source.text()), query.key());
    new Volatility(jdbc).refuse("read.sql", template, sql);
    var others = new ArrayList<>(columns.subList(query.key().size(), columns.size()));
    var key = columns.subList(0, query.key().size());
    var order = KeyOrder.of(jdbc, source, key);
    others.removeIf(Weight::isIn);
    KeysetPages pages =
        new QueryPages(
            KeysetPages.sql(columns, order, source, query.walk()),
            Edges.of(query.walk(), key, values),
            Weight.among(columns));
    if (!others.isEmpty()) {
      pages = RowLocks.require(jdbc, pages, others.stream().map(Column::name).toList());
    }
    new NullKeys(jdbc)
        .refuse(
            "the key of 'read.sql'",
            source,
            query.key(),
            "Leave NULLs out in the query with IS NOT NULL");
    return pages;
  }

  private static List<Column> keyFirst(List<Column> found, List<String> key) {
    var columns = new ArrayList<Column>();
    for (var name : key) {
      columns.add(
          found.stream()
              .filter(column -> column.name().equals(name))
              .findFirst()
              .orElseThrow(() -> noSuchColumn(name, found)));
    }
    found.stream().filter(column -> !key.contains(column.name())).forEach(columns::add);
    return columns;
  }

  private static RefusedException noSuchColumn(String name, List<Column> found) {
    var names = found.stream().map(Column::name).toList();
    return new RefusedException(
        "expected the key column '%s' in the result of 'read.sql', found %s%s"
            .formatted(name, names, DidYouMean.hint(name, names)));
  }

  @Override
  public String from() {
    return "a query";
  }

  @Override
  public QueryPages with(KeysetSql sql) {
    return new QueryPages(sql, edges, weight);
  }

  @Override
  public BoundSql matching() {
    return sql.all();
  }

  @Override
  public List<BoundSql> statements(@Nullable List<String> after, List<String> upTo) {
    return List.of(sql.upTo(upTo).page(after, 1));
  }

  @Override
  public List<BoundSql> typical(JdbcTemplate jdbc) {
    return List.of(sql.page(Collections.nCopies(sql.keyColumns(), (String) null), 1));
  }

  @Override
  public List<BoundSql> again(KeysetChunk chunk) {
    return List.of(
        sql.upTo(requireNonNull(chunk.end(), "end")).page(chunk.start(), chunk.rowsWalked()));
  }

  @Override
  public Optional<String> table(JdbcTemplate jdbc) {
    return KeyOrigin.of(jdbc, sql).map(KeyOrigin::table);
  }

  /** By the keys of the table that the query's key comes from. */
  @Override
  public Optional<KeySample> sample(JdbcTemplate jdbc, int parts) {
    return KeyOrigin.of(jdbc, sql)
        .flatMap(
            origin -> {
              var keys = origin.keys(sql);
              return KeySample.of(jdbc, origin.table(), keys, parts)
                  .map(sample -> sample.forQuery(keys));
            });
  }

  @Override
  public void check(JdbcTemplate jdbc) {
    explain(jdbc);
    if (weight != null) {
      weight.requireNumber();
    }
  }

  @Override
  public KeysetChunk read(JdbcTemplate jdbc, KeysetChunk before, ChunkBounds bounds) {
    if (bounds.single()) {
      return single(jdbc, before);
    }
    var rows = new KeysetRows(jdbc, sql);
    var size = bounds.items();
    var limit = limit(before, size);
    var found = rows.page(before.end(), limit);
    if (found.isEmpty()) {
      return before.nothing();
    }
    refuseEqual(jdbc, found.stream().map(rows::key).toList());
    var walked = 0;
    var items = 0L;
    for (var row : found.subList(0, Math.min(limit, found.size()))) {
      var more = weight == null ? 1 : weight.of(row, rows.key(row));
      if (walked > 0 && items + more > size) {
        break;
      }
      walked++;
      items += more;
    }
    var end = rows.key(found.get(walked - 1));
    return before.next(found.subList(0, walked), end, items, walked, walked == found.size());
  }

  /** A row that may be the one that cannot be read; of the one after it only the key is. */
  private KeysetChunk single(JdbcTemplate jdbc, KeysetChunk before) {
    var next = nextKey(jdbc, before);
    var rows = new KeysetRows(jdbc, sql);
    var found = next.rowsWalked() == 0 ? List.<Row>of() : rows.items(sql.page(before.end(), 1));
    if (found.isEmpty()) {
      return before.nothing();
    }
    var key = rows.key(found.get(0));
    var items = weight == null ? 1 : weight.of(found.get(0), key);
    return before.next(found, key, items, 1, next.last());
  }

  @Override
  public List<Row> only(JdbcTemplate jdbc, List<String> key) {
    var found = new KeysetRows(jdbc, sql).items(sql.only(key, null));
    if (found.size() > 1) {
      throw KeysetRows.repeated(key + " twice");
    }
    return found;
  }

  @Override
  public KeysetChunk cut(JdbcTemplate jdbc, KeysetChunk chunk, int rows) {
    var found = new KeysetRows(jdbc, sql);
    var items = 0L;
    for (var row : chunk.rows().subList(0, rows)) {
      items += weight == null ? 1 : weight.of(row, found.key(row));
    }
    return chunk.cutAt(rows, found.key(chunk.rows().get(rows - 1)), items, rows);
  }

  private int limit(KeysetChunk before, int size) {
    var most = Math.min(size, Progress.MOST_ROWS);
    return weight == null ? most : Math.min(most, Math.max(LEAST_PAGE, likely(before, size)));
  }

  /** By what the rows of the chunk before weighed, and some more. */
  private static int likely(KeysetChunk before, int size) {
    var rows = before.rowsWalked();
    return (int)
        Math.min(GROWTH * (long) rows, 2 * rows * (long) size / Math.max(1, before.items()));
  }

  /** Texts may differ where keys are equal: {@code 1.0} and {@code 1.00}. */
  @Override
  public void refuseEqual(JdbcTemplate jdbc, List<List<String>> keys) {
    KeysetRows.refuseRepeatedKeys(keys);
    if (keys.size() < 2 || sql.order().oneTextPerKey()) {
      return;
    }
    sql.order()
        .twins(keys)
        .query(
            jdbc,
            (row, number) -> List.of(keys.get(row.getInt(1) - 1), keys.get(row.getInt(2) - 1)))
        .forEach(
            twins -> {
              throw KeysetRows.repeated(
                  "%s and %s, which are equal".formatted(twins.get(0), twins.get(1)));
            });
  }
}
