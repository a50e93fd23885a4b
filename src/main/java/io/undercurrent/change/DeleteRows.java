package io.undercurrent.change;

import io.undercurrent.iteration.Progress;
import io.undercurrent.key.KeyAxis;
import io.undercurrent.kind.ChangeDoubt;
import io.undercurrent.kind.CheckContext;
import io.undercurrent.kind.Concern;
import io.undercurrent.kind.Description;
import io.undercurrent.kind.Incidental;
import io.undercurrent.kind.Part;
import io.undercurrent.rows.ChangedPerItem;
import io.undercurrent.rows.ChunkedWork;
import io.undercurrent.rows.RangeChange;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.TableNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Rows of a table are deleted.
 *
 * @param rows the rows
 * @param archive the table that they go into, as written in SQL, or null for none
 * @param archiveLine where that stands in its file
 */
record DeleteRows(
    @Part("") Target rows,
    @Part("archive-to") @Nullable String archive,
    @Incidental int archiveLine)
    implements ChunkedWork {

  /** The tables whose rows go with those of a table, and theirs. */
  private static final String CASCADES =
      """
      WITH RECURSIVE gone AS (
        SELECT CAST(? AS regclass) AS relation
         UNION
        SELECT CAST(conrelid AS regclass)
          FROM gone
          JOIN pg_constraint ON confrelid = relation AND contype = 'f' AND confdeltype = 'c'
         WHERE conparentid = 0
      )
      SELECT DISTINCT CAST(conrelid AS regclass), conname
        FROM gone
        JOIN pg_constraint ON confrelid = relation AND contype = 'f' AND confdeltype = 'c'
       WHERE conparentid = 0
       ORDER BY 1, 2""";

  @Override
  public Description describe(Function<Sql, String> shortened) {
    var description = Description.of("delete", "deletion of a table's rows, in chunks");
    rows.describe(description, shortened);
    description.field("archive_to", archive == null ? null : archive);
    if (archive != null) {
      description.fact("archive to", archive);
    }
    return description;
  }

  /** A row that is deleted and does not reach the archive is lost, by a trigger for example. */
  @Override
  public ReadWrite expand(JdbcTemplate jdbc, Map<String, Object> values) {
    var names = archive == null ? List.of(rows.table()) : List.of(rows.table(), archive);
    var shapes = TableShape.of(jdbc, names);
    var key = rows.key(jdbc, shapes.get(0).requireTable("whose rows to change"));
    var delete =
        "DELETE FROM %s\n USING %s\n WHERE %s%s"
            .formatted(
                rows.table(),
                Target.chunk(key),
                rows.isInChunk(shapes.get(0), key),
                Target.onlyThere(rows.stillMatches()));
    var sql =
        archive == null
            ? delete
            : new Archive(shapes.get(0), shapes.get(1)).check().statement(delete, rows);
    var expect = rows.expect();
    return new ReadWrite(
        rows.read(key, rows.where()),
        null,
        new Write.Statements(List.of(new Sql(sql, rows.line()))),
        expect == null && archive != null ? new ChangedPerItem(1, 1) : expect);
  }

  @Override
  public Optional<RangeChange> byRange(JdbcTemplate jdbc) {
    return archive == null
        ? Optional.of(new RangeChange("DELETE FROM " + rows.table(), null))
        : Optional.empty();
  }

  @Override
  public List<String> tables(JdbcTemplate jdbc, Map<String, Object> values) {
    return TableNames.qualified(
        jdbc, archive == null ? List.of(rows.table()) : List.of(rows.table(), archive));
  }

  @Override
  public void check(CheckContext check) {
    if (rows.check(check).isPresent() && archive != null) {
      checkArchive(check, archive);
    }
    if (check.isSound()) {
      ChunkedWork.super.check(check);
    }
  }

  private void checkArchive(CheckContext check, String archive) {
    check.attemptOn(
        archiveLine,
        archive,
        () -> {
          var shapes = TableShape.of(check.jdbc(), List.of(rows.table(), archive));
          return new Archive(shapes.get(0), shapes.get(1)).check();
        });
    if (check.isSound()) {
      BoundSql.of(CASCADES, List.of(rows.table()))
          .query(
              check.jdbc(),
              (row, number) ->
                  "rows of %s go with the rows that are deleted (foreign key %s, ON DELETE CASCADE), and into no archive. Archive and delete them in an update before this one"
                      .formatted(row.getString(1), row.getString(2)))
          .forEach(sentence -> check.warn(archiveLine, Concern.CASCADE, sentence));
    }
  }

  @Override
  public List<String> key() {
    return rows.key();
  }

  @Override
  public Optional<KeyAxis> axis(JdbcClient jdbc) {
    return Optional.of(rows.axis(jdbc));
  }

  @Override
  public Optional<String> doubt(Progress progress) {
    return rows.expect() == null ? ChangeDoubt.of(progress) : Optional.empty();
  }
}
