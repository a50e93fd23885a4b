package io.undercurrent.failure;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * How many rows of a run may be put aside; above that the run ends.
 *
 * @param rows how many, or null for any number
 * @param share which part of the run's rows in percent, or null for all
 */
public record QuarantineLimit(@Nullable Integer rows, @Nullable BigDecimal share) {

  private static final BigDecimal PERCENT = BigDecimal.valueOf(100);

  /** The most that may be put aside of so many rows. */
  public long most(long ofRows) {
    var byRows = rows == null ? Long.MAX_VALUE : rows.longValue();
    var byShare =
        share == null
            ? Long.MAX_VALUE
            : share
                .multiply(BigDecimal.valueOf(ofRows))
                .divide(PERCENT, 0, RoundingMode.FLOOR)
                .longValue();
    return Math.min(byRows, byShare);
  }

  /** As in a job file: {@code 100 rows}, {@code 100 rows or 1 %}. */
  public String words() {
    var number = rows == null ? "" : rows + (rows == 1 ? " row" : " rows");
    if (share == null) {
      return number;
    }
    var percent = share.toPlainString() + " %";
    return rows == null ? percent : number + " or " + percent;
  }
}
