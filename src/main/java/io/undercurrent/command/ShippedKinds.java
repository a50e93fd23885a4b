package io.undercurrent.command;

import io.undercurrent.change.DeleteRowsKind;
import io.undercurrent.change.UpdateRowsKind;
import io.undercurrent.constraint.NotNullKind;
import io.undercurrent.constraint.ValidateConstraintKind;
import io.undercurrent.convert.ConvertColumnKind;
import io.undercurrent.index.CreateIndexKind;
import io.undercurrent.kind.UpdateKinds;
import io.undercurrent.outside.OutsideKind;
import io.undercurrent.rows.ReadWriteKind;
import io.undercurrent.run.RunKind;
import io.undercurrent.verify.VerifyKind;
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
            new NotNullKind(),
            new ValidateConstraintKind(),
            new ConvertColumnKind(),
            new CreateIndexKind(),
            new RunKind(),
            new OutsideKind(),
            new VerifyKind()));
  }
}
