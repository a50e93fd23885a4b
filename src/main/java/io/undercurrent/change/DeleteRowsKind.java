package io.undercurrent.change;

import io.undercurrent.kind.UpdateKind;
import io.undercurrent.kind.Work;
import io.undercurrent.rows.ChangedPerItem;
import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Shape;
import io.undercurrent.yaml.Shape.Key;
import io.undercurrent.yaml.Value;
import java.util.List;
import java.util.Optional;

/** Updates that delete rows of a table. */
public final class DeleteRowsKind implements UpdateKind {

  private static final Shape.Mapping SHAPE =
      Shape.mapping(
          Target.TABLE,
          Target.KEY,
          Key.required("where", Shape.SQL, "which rows; true for all of them"),
          Key.optional("archive-to", Shape.TEXT, "the table that they go into"));

  @Override
  public List<Key> keys() {
    return List.of(
        Key.required("delete", SHAPE, "deletes rows of a table, in chunks"), ChangedPerItem.KEY);
  }

  @Override
  public String example() {
    return """
        - name: old_tokens
          delete:
            table: tokens
            where: "revoked_at < :now - interval '90 days'"
            archive-to: tokens_archive
        """;
  }

  @Override
  public Optional<Work> read(Section update) {
    return update
        .required("delete")
        .flatMap(value -> value.section(SHAPE))
        .flatMap(keys -> read(keys, update));
  }

  private static Optional<Work> read(Section keys, Section update) {
    var archive = keys.value("archive-to");
    var table = archive.flatMap(Value::text).orElse(null);
    var line = archive.map(Value::line).orElse(0);
    return Target.read(keys, update)
        .filter(rows -> rows.where() != null)
        .map(rows -> new DeleteRows(rows, table, line));
  }
}
