package io.undercurrent.page;

import io.undercurrent.bean.Row;
import io.undercurrent.database.RefusedException;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.sql.Column;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The column {@code weight} of a query's result: how many items a row counts for. */
record Weight(Column column) {

  private static final Set<String> NUMBERS =
      Set.of("int2", "int4", "int8", "numeric", "float4", "float8");
  private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?(e[+-]\\d+)?");

  /** So heavy that a chunk has no second one; a hundred thousand of them still fit into a long. */
  private static final BigDecimal HEAVIEST = BigDecimal.valueOf(1L << 40);

  static boolean isIn(Column column) {
    return column.name().equals("weight");
  }

  /** The one among a result's columns, or null if there is none. */
  static @Nullable Weight among(List<Column> columns) {
    return columns.stream().filter(Weight::isIn).map(Weight::new).findFirst().orElse(null);
  }

  void requireNumber() {
    if (!NUMBERS.contains(column.bareType())) {
      throw new RefusedException(
          "expected a number in the column 'weight', found %s. It says how many items a row counts for; cast it, or give the column another name"
              .formatted(column.bareType()));
    }
  }

  long of(Row row, List<String> key) {
    var text = row.get(column.name());
    if (text == null || !NUMBER.matcher(text).matches()) {
      throw new HopelessException(
          "expected a weight of 0 or more, found %s at %s".formatted(text, key));
    }
    return new BigDecimal(text).min(HEAVIEST).longValue();
  }
}
