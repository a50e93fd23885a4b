package io.undercurrent.index;

import io.undercurrent.sql.Sql;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A column of an index or an expression in place of one, with what differs from the defaults.
 *
 * @param column the column, or null for an expression
 * @param expression the expression, or null for a column
 * @param collation a collation, or null
 * @param operatorClass an operator class, or null
 * @param order {@code asc} or {@code desc}, or null
 * @param nulls {@code first} or {@code last}, or null
 */
public record IndexPart(
    @Nullable String column,
    @Nullable Sql expression,
    @Nullable QualifiedName collation,
    @Nullable QualifiedName operatorClass,
    @Nullable String order,
    @Nullable String nulls) {

  public static IndexPart ofColumn(String name) {
    return new IndexPart(name, null, null, null, null, null);
  }

  public static IndexPart ofExpression(Sql sql) {
    return new IndexPart(null, sql, null, null, null, null);
  }

  /** The same, but with another collation. */
  IndexPart collated(@Nullable QualifiedName other) {
    return new IndexPart(column, expression, other, operatorClass, order, nulls);
  }

  /** Whether it is an expression, and all else is as usual. */
  boolean isPlainExpression() {
    return expression != null && equals(ofExpression(expression));
  }

  /**
   * What people read.
   *
   * @param what the column or the expression
   */
  String words(String what) {
    return Stream.of(
            what,
            collation == null ? "" : "collate " + collation.words(),
            operatorClass == null ? "" : operatorClass.words(),
            order == null ? "" : order,
            nulls == null ? "" : "nulls " + nulls)
        .filter(word -> !word.isEmpty())
        .collect(Collectors.joining(" "));
  }
}
