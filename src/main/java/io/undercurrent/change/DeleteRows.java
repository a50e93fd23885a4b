package io.undercurrent.change;

import io.undercurrent.iteration.Progress;
import io.undercurrent.kind.ChangeDoubt;
import io.undercurrent.kind.CheckContext;
import io.undercurrent.kind.Concern;
import io.undercurrent.kind.Description;
import io.undercurrent.rows.ChangedPerItem;
import io.undercurrent.rows.ChunkedWork;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.KeyAxis;
import io.undercurrent.sql.Sql;
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
 * @param target the rows
 * @param archive the table that they go into, as written in SQL, or null for none
 */
record DeleteRows(Target target, @Nullable Sql archive) implements ChunkedWork {

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
    target.describe(description, shortened);
    description.field("archive_to", archive == null ? null : archive.text());
    if (archive != null) {
      description.fact("archive to", archive.text());
    }
    return description;
  }

  /** A row that is deleted and does not reach the archive is lost, by a trigger for example. */
  @Override
  public ReadWrite expand(JdbcTemplate jdbc, Map<String, Object> values) {
    var names =
        archive == null
            ? List.of(target.table().text())
            : List.of(target.table().text(), archive.text());
    var shapes = TableShape.of(jdbc, names);
    var key = target.key(jdbc, shapes.get(0).requireTable("whose rows to change"));
    var delete =
        "DELETE FROM %s\n USING %s\n WHERE %s%s"
            .formatted(
                target.table().text(),
                Target.chunk(key),
                target.isInChunk(shapes.get(0), key),
                Target.onlyThere(target.stillMatches()));
    var sql =
        archive == null
            ? delete
            : new Archive(shapes.get(0), shapes.get(1)).check().statement(delete, target);
    var expect = target.expect();
    return new ReadWrite(
        target.read(key, target.where()),
        null,
        new Write.Statements(List.of(new Sql(sql, target.table().line()))),
        expect == null && archive != null ? new ChangedPerItem(1, 1) : expect);
  }

  @Override
  public void check(CheckContext check) {
    if (target.check(check).isPresent() && archive != null) {
      checkArchive(check, archive);
    }
    if (check.isSound()) {
      ChunkedWork.super.check(check);
    }
  }

  private void checkArchive(CheckContext check, Sql archive) {
    check.attemptOn(
        archive.line(),
        archive.text(),
        () -> {
          var shapes = TableShape.of(check.jdbc(), List.of(target.table().text(), archive.text()));
          return new Archive(shapes.get(0), shapes.get(1)).check();
        });
    if (check.isSound()) {
      BoundSql.of(CASCADES, List.of(target.table().text()))
          .query(
              check.jdbc(),
              (row, number) ->
                  "rows of %s go with the rows that are deleted (foreign key %s, ON DELETE CASCADE), and into no archive. Archive and delete them in an update before this one"
                      .formatted(row.getString(1), row.getString(2)))
          .forEach(sentence -> check.warn(archive.line(), Concern.CASCADE, sentence));
    }
  }

  @Override
  public List<String> key() {
    return target.key();
  }

  @Override
  public Optional<KeyAxis> axis(JdbcClient jdbc) {
    return Optional.of(target.axis(jdbc));
  }

  @Override
  public Optional<String> doubt(Progress progress) {
    return target.expect() == null ? ChangeDoubt.of(progress) : Optional.empty();
  }
}
