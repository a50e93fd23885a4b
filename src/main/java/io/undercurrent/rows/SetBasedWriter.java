package io.undercurrent.rows;

import static io.undercurrent.sql.CountedSql.effect;
import static java.util.stream.Collectors.joining;

import io.undercurrent.bean.Row;
import io.undercurrent.database.RefusedException;
import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.plan.StatementPlan;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import io.undercurrent.sql.CountedSql;
import io.undercurrent.sql.CountedSql.Effect;
import io.undercurrent.sql.MeasuredCost;
import io.undercurrent.sql.SqlTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Writes a chunk with the author's statements, which see its items as the relation {@code chunk}: a
 * handful of round trips whatever the chunk's size.
 */
public final class SetBasedWriter implements ItemWriter<Row> {

  /**
   * Has partitions left out that hold no row of the chunk: only look-ups by index do that, and the
   * planner takes a look-up for one in each partition. A plan for the chunk's very rows would
   * always read all.
   */
  private static final String BY_INDEX =
      "SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL random_page_cost = 0.1";

  private final JdbcTemplate jdbc;
  private final List<CountedSql> statements;
  private final int columns;
  private @Nullable ChangedPerItem expected;
  private final boolean pruning;

  /**
   * A writer of statements.
   *
   * @param columns what the relation {@code chunk} has
   * @param pruning whether to leave out partitions of the tables that they look at
   * @throws RefusedException if a statement is of another kind than those that see relations
   */
  SetBasedWriter(
      JdbcTemplate jdbc,
      List<String> statements,
      List<Column> columns,
      Map<String, Object> values,
      boolean pruning) {
    this.jdbc = jdbc;
    this.pruning = pruning;
    this.columns = columns.size();
    var chunk = chunkExpression(columns);
    this.statements =
        statements.stream()
            .map(sql -> new CountedSql(statement(sql, chunk, values), effect(sql, values)))
            .toList();
  }

  /**
   * Refuses chunks for which a statement changes other numbers of rows than expected.
   *
   * @throws RefusedException if PostgreSQL does not count the rows that a statement changes
   */
  SetBasedWriter expecting(@Nullable ChangedPerItem rows) {
    if (rows != null && statements.stream().anyMatch(sql -> sql.effect() != Effect.COUNTED)) {
      throw notCounted();
    }
    expected = rows;
    return this;
  }

  /**
   * Refuses a statement whose changes cannot be counted.
   *
   * @throws RefusedException if it is one
   */
  public static boolean requireCounted(String sql, Map<String, Object> values) {
    if (effect(sql, values) != Effect.COUNTED) {
      throw notCounted();
    }
    return true;
  }

  private static RefusedException notCounted() {
    return new RefusedException(
        "expected INSERT, UPDATE, DELETE or MERGE with 'expect', found a SELECT, whose changes cannot be counted. Use one of those, or leave 'expect' out");
  }

  /** A statement as it would run on an empty chunk of these columns. */
  public static BoundSql onNothing(String sql, List<Column> columns, Map<String, Object> values) {
    var nothing = columns.stream().map(column -> List.<@Nullable String>of()).toList();
    return on(nothing, statement(sql, chunkExpression(columns), values));
  }

  private static BoundSql on(List<List<@Nullable String>> arrays, BoundSql statement) {
    var parameters = new ArrayList<@Nullable Object>(arrays);
    parameters.addAll(statement.parameters());
    return BoundSql.of(statement.text(), parameters);
  }

  private static BoundSql statement(String sql, String chunk, Map<String, Object> values) {
    var template = SqlTemplate.parse(sql, values);
    if (!template.isPlanned()) {
      throw new RefusedException(
          "expected SELECT, INSERT, UPDATE, DELETE or MERGE, found '%s'. Other statements belong in a 'run:' update"
              .formatted(template.keyword()));
    }
    return BoundSql.of(template.with(chunk), BoundSql.of(template, values).parameters());
  }

  /**
   * {@code chunk(room_id) AS (SELECT CAST(c1 AS text) FROM unnest(CAST(? AS text[])) AS
   * rows_of_chunk (c1))}.
   */
  private static String chunkExpression(List<Column> columns) {
    return "chunk(%s) AS (SELECT %s FROM unnest(%s) AS %s (%s))"
        .formatted(
            columns.stream().map(Column::quoted).collect(joining(", ")),
            numbered(columns, (column, i) -> "CAST(c%d AS %s)".formatted(i, column.type())),
            numbered(columns, (column, i) -> "CAST(? AS text[])"),
            StatementPlan.CHUNK_ROWS,
            numbered(columns, (column, i) -> "c" + i));
  }

  private static String numbered(List<Column> columns, Form form) {
    return IntStream.range(0, columns.size())
        .mapToObj(i -> form.of(columns.get(i), i + 1))
        .collect(joining(", "));
  }

  private interface Form {
    String of(Column column, int number);
  }

  @Override
  public void write(Chunk<? extends Row> chunk) {
    writeCounting(chunk);
  }

  /**
   * Writes a chunk and counts what that changes.
   *
   * @throws io.undercurrent.failure.HopelessException if a statement changes another number of rows
   *     than expected
   */
  ChangedRows writeCounting(Chunk<? extends Row> chunk) {
    if (pruning) {
      jdbc.execute(BY_INDEX);
    }
    var arrays = arrays(chunk.getItems());
    var counts = new ArrayList<@Nullable Long>();
    for (var statement : statements) {
      var changed = new CountedSql(on(arrays, statement.sql()), statement.effect()).execute(jdbc);
      counts.add(changed);
      refuseUnexpected(changed, chunk.size(), counts.size());
    }
    return new ChangedRows(counts);
  }

  /** Writes a chunk, and says what each statement has cost. */
  List<MeasuredCost> measure(Chunk<? extends Row> chunk) {
    if (pruning) {
      jdbc.execute(BY_INDEX);
    }
    var arrays = arrays(chunk.getItems());
    return statements.stream().map(statement -> on(arrays, statement.sql()).measure(jdbc)).toList();
  }

  private void refuseUnexpected(@Nullable Long changed, int items, int statement) {
    if (expected != null && changed != null) {
      expected.require(
          changed,
          items,
          statements.size() == 1
              ? ""
              : " by statement %d of %d in 'write'".formatted(statement, statements.size()));
    }
  }

  private List<List<@Nullable String>> arrays(List<? extends Row> rows) {
    var arrays = new ArrayList<List<@Nullable String>>();
    for (int column = 0; column < columns; column++) {
      var array = new ArrayList<@Nullable String>();
      for (var row : rows) {
        array.add(row.values().get(column));
      }
      arrays.add(array);
    }
    return arrays;
  }
}
