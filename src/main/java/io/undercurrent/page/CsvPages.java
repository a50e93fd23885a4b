package io.undercurrent.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.undercurrent.bean.Row;
import io.undercurrent.csv.CsvFile;
import io.undercurrent.csv.CsvLine;
import io.undercurrent.database.DidYouMean;
import io.undercurrent.database.RefusedException;
import io.undercurrent.key.KeyOrder;
import io.undercurrent.key.KeysetSql;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The lines of a CSV file, in their order: the number of a line is the first part of its key. Of
 * the database only the types of the columns are asked.
 *
 * @param from the file, as the job file names it
 * @param sql what stands for the file in statements: a relation with its columns and no rows
 * @param file the file
 * @param keys what is known of its keys
 */
record CsvPages(String from, KeysetSql sql, CsvFile file, CsvKeys keys) implements KeysetPages {

  private static final String FINGERPRINT = "undercurrent.csv";
  private static final String TEXT = "text";
  private static final int BATCH = 10_000;
  private static final int LONGEST_NAME = 63;

  static CsvPages of(JdbcTemplate jdbc, Read.Csv read) {
    read.types().forEach(CsvPages::refuseLength);
    var file = CsvFile.open(read.path());
    var names = names(read, file);
    var columns =
        names.stream()
            .map(
                name ->
                    "CAST(NULL AS %s) AS %s"
                        .formatted(
                            name.equals(Read.Csv.LINE)
                                ? "bigint"
                                : read.types().getOrDefault(name, TEXT),
                            Column.quoted(name)));
    var source =
        BoundSql.of("(SELECT " + columns.collect(joining(", ")) + " WHERE false) q", List.of());
    var known = Column.of(jdbc, "SELECT * FROM " + source.text());
    var key = known.subList(0, read.key().size());
    var author = key.subList(1, key.size());
    return new CsvPages(
        read.file(),
        new KeysetSql(known, KeyOrder.of(jdbc, source, key), source),
        file,
        new CsvKeys(file, author, KeyOrder.of(jdbc, source, author)));
  }

  /** Nothing would hold the values to it. */
  private static void refuseLength(String column, String type) {
    if (type.contains("(")) {
      throw new RefusedException(
          "expected a type without a length for the column '%s', found %s. Leave the length out, and cast the column in 'write'"
              .formatted(column, type));
    }
  }

  /** The columns as a chunk has them, the key first. */
  private static List<String> names(Read.Csv read, CsvFile file) {
    var found = file.columns();
    if (found.contains(Read.Csv.LINE)) {
      throw file.refused(
          1, "expected no column 'line', which is the number of the line. Give it another name");
    }
    found.stream()
        .filter(name -> name.getBytes(UTF_8).length > LONGEST_NAME)
        .findFirst()
        .ifPresent(
            name -> {
              throw file.refused(
                  1,
                  "expected names of at most %d bytes, as PostgreSQL has them, found '%s'"
                      .formatted(LONGEST_NAME, name));
            });
    Stream.concat(read.names().stream(), read.types().keySet().stream())
        .filter(name -> !found.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw file.refused(
                  1,
                  "expected the column '%s', found %s%s"
                      .formatted(name, found, DidYouMean.hint(name, found)));
            });
    var names = new ArrayList<>(read.key());
    found.stream().filter(name -> !names.contains(name)).forEach(names::add);
    return names;
  }

  @Override
  public Edges edges() {
    return Edges.NONE;
  }

  @Override
  public CsvPages with(KeysetSql other) {
    return new CsvPages(from, other, file, keys);
  }

  @Override
  public BoundSql matching() {
    return sql.all();
  }

  @Override
  public List<BoundSql> statements(@Nullable List<String> after, List<String> upTo) {
    return List.of();
  }

  @Override
  public List<BoundSql> typical(JdbcTemplate jdbc) {
    return List.of();
  }

  @Override
  public List<BoundSql> again(KeysetChunk chunk) {
    return List.of();
  }

  @Override
  public Optional<String> table(JdbcTemplate jdbc) {
    return Optional.empty();
  }

  @Override
  public Optional<KeySample> sample(JdbcTemplate jdbc, int parts) {
    return Optional.empty();
  }

  @Override
  public void explain(JdbcTemplate jdbc) {}

  @Override
  public void check(JdbcTemplate jdbc) {
    keys.check(jdbc);
  }

  @Override
  public void survey(JdbcTemplate jdbc) {
    keys.check(jdbc);
  }

  @Override
  public Optional<KeysetPages> frozen(JdbcTemplate jdbc) {
    keys.check(jdbc);
    return Optional.ofNullable(keys.last()).map(line -> with(sql.upTo(key(row(line)))));
  }

  @Override
  public long expectedRows(JdbcTemplate jdbc) {
    return keys.count();
  }

  /**
   * Makes sure that the file is the one with which the run began.
   *
   * @throws RefusedException if it is another
   */
  @Override
  public void open(ExecutionContext context) {
    if (context.containsKey(FINGERPRINT)) {
      file.requireFingerprint(context.getString(FINGERPRINT));
    }
  }

  @Override
  public void save(ExecutionContext context) {
    context.putString(FINGERPRINT, file.fingerprint());
  }

  @Override
  public void close() {
    file.close();
  }

  @Override
  public KeysetChunk read(JdbcTemplate jdbc, KeysetChunk before, ChunkBounds bounds) {
    var found = rows(before, bounds.rows() + 1);
    if (found.isEmpty()) {
      return before.nothing();
    }
    var walked = Math.min(bounds.rows(), found.size());
    var end = key(found.get(walked - 1));
    return before.next(
        List.copyOf(found.subList(0, walked)), end, walked, walked, walked == found.size());
  }

  private List<Row> rows(KeysetChunk before, int most) {
    var last = sql.range().last();
    var upTo = last == null ? Long.MAX_VALUE : line(last);
    var start = before.end() == null ? 1 : line(before.end());
    var rows =
        file.after(start, most).stream().filter(line -> line.number() <= upTo).map(this::row);
    var found = rows.toList();
    file.requireUnchanged();
    return found;
  }

  private static long line(List<String> key) {
    return Long.parseLong(key.get(0));
  }

  private Row row(CsvLine line) {
    var values = new ArrayList<@Nullable String>();
    values.add(String.valueOf(line.number()));
    for (var name : names().subList(1, names().size())) {
      values.add(line.values().get(file.columns().indexOf(name)));
    }
    return new Row(names(), values);
  }

  private List<String> key(Row row) {
    return row.values().subList(0, sql.keyColumns()).stream().map(String::valueOf).toList();
  }

  @Override
  public KeysetChunk cut(JdbcTemplate jdbc, KeysetChunk chunk, int rows) {
    return chunk.cutAt(rows, key(chunk.rows().get(rows - 1)), rows, rows);
  }

  @Override
  public KeysetChunk nextKey(JdbcTemplate jdbc, KeysetChunk before) {
    var found = rows(before, 2);
    return found.isEmpty()
        ? before.nothing()
        : before.next(List.of(), key(found.get(0)), 1, 1, found.size() == 1);
  }

  /** The row with that key, on whichever line it is by now. */
  @Override
  public List<Row> only(JdbcTemplate jdbc, List<String> key) {
    var wanted = key.subList(1, key.size());
    try (var again = CsvFile.open(file.path())) {
      for (var lines = again.after(1, BATCH);
          !lines.isEmpty();
          lines = again.after(lines.get(lines.size() - 1).number(), BATCH)) {
        var found =
            lines.stream()
                .map(this::row)
                .filter(row -> key(row).subList(1, key.size()).equals(wanted))
                .toList();
        if (!found.isEmpty()) {
          return found;
        }
      }
    }
    return List.of();
  }
}
