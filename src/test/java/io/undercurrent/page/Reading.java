package io.undercurrent.page;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.undercurrent.bean.Row;
import io.undercurrent.database.Database;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** An update's reader, driven by hand. */
public final class Reading {

  private static final Write NOTHING = new Write.Statements(List.of());

  final KeysetReader reader;

  private Reading(KeysetReader reader) {
    this.reader = reader;
  }

  static Reading begin(Database database, Read read) {
    return goOn(database, read, new ExecutionContext());
  }

  /** Begins as a run does: what is inserted after the greatest key from now on is not read. */
  static Reading freeze(Database database, Read read, ExecutionContext context) {
    var reading = goOn(database, read, context);
    reading.reader.freezeEnd(context);
    return reading;
  }

  /** Reads on where a context says that an earlier reader was. */
  static Reading goOn(Database database, Read read, ExecutionContext context) {
    var session = jdbc(database);
    var reader = new KeysetReader(session, pages(session, read));
    reader.open(context);
    return new Reading(reader);
  }

  public static KeysetPages pages(Database database, Read read) {
    return pages(jdbc(database), read);
  }

  private static KeysetPages pages(JdbcTemplate session, Read read) {
    return KeysetPages.of(session, read, Map.of());
  }

  /** On a session of its own, which ends with the database. */
  public static JdbcTemplate jdbc(Database database) {
    return new JdbcTemplate(new SingleConnectionDataSource(database.connect("reading"), true));
  }

  /** The lines of a statement's plan. */
  static List<String> plan(Database database, BoundSql sql) {
    return BoundSql.of("EXPLAIN " + sql.text(), sql.parameters())
        .query(jdbc(database), (row, number) -> row.getString(1));
  }

  /** Leaves a test out where the server does not know the statement yet. */
  public static void assumeKnown(Database database, String sql) {
    var version = database.jdbc().sql("SHOW server_version_num").query(Integer.class).single();
    assumeThat(version >= 150000 || !sql.startsWith("MERGE")).as("MERGE needs 15").isTrue();
  }

  public static Read.Table table(String table, String... key) {
    return new Read.Table(table, List.of(key), null);
  }

  public static Read.Table tableWhere(String where, String table, String... key) {
    return new Read.Table(table, List.of(key), new Sql(where, 1));
  }

  public static Read.Query query(String sql, String... key) {
    return new Read.Query(new Sql(sql, 1), List.of(key));
  }

  /** The rows of the next chunk, each as its values with blanks between. */
  List<String> chunk(int size) {
    reader.advance(reader.next(new ChunkBounds(size, size)));
    return reader.chunk().rows().stream().map(Reading::text).toList();
  }

  /** Writes where it is. */
  void save(ExecutionContext context) {
    reader.save(reader.chunk(), context);
  }

  private static String text(Row row) {
    return String.join(" ", row.values().stream().<@Nullable String>map(String::valueOf).toList());
  }

  /** All rows, in chunks of that size. */
  List<String> all(int size) {
    var rows = new ArrayList<String>();
    do {
      rows.addAll(chunk(size));
    } while (!reader.exhausted());
    return rows;
  }

  /** What the chunk that was read last counts, as the step counts it. */
  String counts() {
    return "%d items, %d walked, %d filtered%s"
        .formatted(
            reader.chunk().items(),
            reader.chunk().rowsWalked(),
            reader.chunk().rowsFiltered(),
            reader.exhausted() ? ", the last" : "");
  }
}
