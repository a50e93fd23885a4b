package io.undercurrent.convert;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.undercurrent.database.Database;
import io.undercurrent.key.KeyAxis;
import io.undercurrent.key.PrimaryKey;
import io.undercurrent.kind.CheckContext;
import io.undercurrent.kind.Description;
import io.undercurrent.kind.Fixed;
import io.undercurrent.kind.Incidental;
import io.undercurrent.page.Read;
import io.undercurrent.rows.ChunkedWork;
import io.undercurrent.rows.Frame;
import io.undercurrent.rows.RangeChange;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.sql.Column;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.TableNames;
import io.undercurrent.time.TimeSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Gives a column another type: a new column is filled in chunks while a trigger keeps it in step,
 * gets its own indexes and constraints, and takes the old one's place in a short transaction.
 *
 * @param table the table, as written in SQL
 * @param column the column, as in the catalogue
 * @param to its new type, as written in SQL
 * @param using the new value, or null where the column's value is assigned
 * @param key what orders the rows; empty for the primary key
 * @param swapsItself whether it takes the old column's place as soon as it can, or waits for an
 *     operator
 * @param line where it stands in its file
 */
record ConvertColumn(
    String table,
    String column,
    String to,
    @Fixed @Nullable Sql using,
    List<String> key,
    @Incidental boolean swapsItself,
    int line)
    implements ChunkedWork {

  @Override
  public Description describe(Function<Sql, String> shortened) {
    var description =
        Description.of("convert-column", "in chunks: a column gets another type")
            .fact(
                "converts",
                "%s of %s to %s%s"
                    .formatted(
                        column, table, to, using == null ? "" : " using " + shortened.apply(using)))
            .fact("swap", swapsItself ? "as soon as all is ready" : "when an operator says: swap")
            .field("table", table)
            .field("column", column)
            .field("to", to)
            .field("using", using == null ? null : using.text())
            .field("swap", swapsItself ? "auto" : "manual");
    return description.field("key", key);
  }

  @Override
  public List<String> tables(JdbcTemplate jdbc, Map<String, Object> values) {
    return TableNames.qualified(jdbc, List.of(table));
  }

  @Override
  public void check(CheckContext check) {
    new ConversionCheck(check, this).run();
  }

  /** Each row is changed once, unless the trigger has been there already. */
  @Override
  public ReadWrite expand(JdbcTemplate jdbc, Map<String, Object> values) {
    var walked = walked(jdbc);
    var alias = Column.quoted(name(jdbc));
    var converted = Column.quoted(Names.column(column));
    var same =
        numbered(
            walked,
            (part, i) -> "%s.%s = undercurrent_chunk.undercurrent_key_%d".formatted(alias, part, i),
            " AND ");
    // The key's columns have other names in it, so that 'using' can only mean those of the table.
    // What it says is evaluated for the rows of the chunk alone: CASE keeps it from the others.
    var update =
        """
        UPDATE %1$s AS %2$s
           SET %3$s = %4$s
          FROM (SELECT %5$s FROM chunk) AS undercurrent_chunk
         WHERE %6$s
           AND CASE WHEN %6$s
                    THEN %2$s.%3$s IS DISTINCT FROM CAST(%4$s AS %7$s)
               END"""
            .formatted(
                table,
                alias,
                converted,
                value(alias),
                numbered(walked, (part, i) -> part + " AS undercurrent_key_" + i, ", "),
                same,
                to);
    return new ReadWrite(
        new Read.Table(table, walked, null),
        null,
        new ReadWrite.Write.Statements(List.of(sql(update))));
  }

  @Override
  public Optional<RangeChange> byRange(JdbcTemplate jdbc) {
    var alias = Column.quoted(name(jdbc));
    var converted = Column.quoted(Names.column(column));
    return Optional.of(
        new RangeChange(
            "UPDATE %s AS %s\n   SET %s = %s".formatted(table, alias, converted, value(alias)),
            "%s.%s IS DISTINCT FROM CAST(%s AS %s)".formatted(alias, converted, value(alias), to)));
  }

  /** The same, of a table that has another name now. */
  ConvertColumn of(String renamed) {
    return new ConvertColumn(renamed, column, to, using, key, swapsItself, line);
  }

  List<String> walked(JdbcTemplate jdbc) {
    return key.isEmpty() ? PrimaryKey.of(jdbc, table) : key;
  }

  private Sql sql(String text) {
    return new Sql(text, line);
  }

  private String name(JdbcTemplate jdbc) {
    return requireNonNull(
        jdbc.queryForObject(
            "SELECT relname FROM pg_class WHERE oid = CAST(CAST(? AS text) AS regclass)",
            String.class,
            table));
  }

  /**
   * The new value as SQL, for a row of the table.
   *
   * @param row what the row is called
   */
  String value(String row) {
    // The line break ends a comment.
    return using == null ? row + "." + Column.quoted(column) : "(" + using.text() + "\n)";
  }

  private static String numbered(List<String> columns, Form form, String between) {
    return IntStream.range(0, columns.size())
        .mapToObj(i -> form.of(Column.quoted(columns.get(i)), i + 1))
        .collect(joining(between));
  }

  private interface Form {
    String of(String column, int number);
  }

  @Override
  public Frame frame() {
    return new ConversionFrame(this);
  }

  @Override
  public Optional<KeyAxis> axis(JdbcClient jdbc) {
    return key.isEmpty() ? Optional.empty() : Optional.of(new KeyAxis(jdbc, table, key.get(0)));
  }

  @Override
  public String swap(JdbcTemplate jdbc) {
    return new Swap(jdbc, this).run();
  }

  @Override
  public Optional<String> clear(Database database, boolean underWay, TimeSource time) {
    return new CancelledConversion(database, this, time).clear();
  }
}
