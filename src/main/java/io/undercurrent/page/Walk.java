package io.undercurrent.page;

import static java.util.stream.Collectors.joining;

import io.undercurrent.kind.Description;
import io.undercurrent.kind.Fixed;
import io.undercurrent.sql.Sql;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Where a walk along a key begins and ends, and its direction.
 *
 * @param from values of the key's leading columns, of which it begins with the first key that has
 *     them or comes after them; empty for the beginning
 * @param to likewise, with the last key that has them or comes before them; empty for the end
 * @param descending whether it goes from the greatest key to the least
 */
public record Walk(@Fixed List<Sql> from, @Fixed List<Sql> to, boolean descending) {

  /** From the least key to the greatest. */
  public static final Walk ALL = new Walk(List.of(), List.of(), false);

  /** Whether it leaves out a part of the keys. */
  public boolean isBounded() {
    return !from.isEmpty() || !to.isEmpty();
  }

  String words(Function<Sql, String> shortened) {
    return Stream.of(
            from.isEmpty() ? "" : ", from " + list(from, shortened),
            to.isEmpty() ? "" : ", to " + list(to, shortened),
            descending ? ", descending" : "")
        .collect(joining());
  }

  private static String list(List<Sql> values, Function<Sql, String> shortened) {
    var all = values.stream().map(shortened).collect(joining(", "));
    return values.size() == 1 ? all : "(" + all + ")";
  }

  void describe(Description description) {
    if (isBounded()) {
      description
          .field("from", from.stream().map(Sql::text).toList())
          .field("to", to.stream().map(Sql::text).toList());
    }
    if (descending) {
      description.field("order", "desc");
    }
  }
}
