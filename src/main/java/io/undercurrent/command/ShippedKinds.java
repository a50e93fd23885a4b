package io.undercurrent.command;

import io.undercurrent.change.DeleteRowsKind;
import io.undercurrent.change.UpdateRowsKind;
import io.undercurrent.index.CreateIndexKind;
import io.undercurrent.kind.UpdateKinds;
import io.undercurrent.rows.ReadWriteKind;
import io.undercurrent.run.RunKind;
import java.util.List;

/** The kinds of update that come with Undercurrent: the only place that knows them all. */
public final class ShippedKinds {

  private ShippedKinds() {}

  public static UpdateKinds all() {
    return new UpdateKinds(
        List.of(
            new ReadWriteKind(),
            new UpdateRowsKind(),
            new DeleteRowsKind(),
            new RunKind(),
            new CreateIndexKind()));
  }
}
