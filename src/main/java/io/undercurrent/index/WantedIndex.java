package io.undercurrent.index;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.undercurrent.failure.HopelessException;
import io.undercurrent.sql.Column;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.SqlTemplate;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The index that an update is to build.
 *
 * @param work what the job file says
 * @param table the table as the database knows it
 */
record WantedIndex(CreateIndex work, IndexedTable table) {

  private static final int MOST_DUPLICATES = 5;

  /**
   * Looks the table up.
   *
   * @param values what the job binds to names, which an index cannot use
   * @throws HopelessException if the table cannot have an index that is built concurrently
   */
  static WantedIndex of(JdbcTemplate jdbc, CreateIndex work, Map<String, Object> values) {
    sqlOf(work).forEach(sql -> refuseValues(sql, values));
    var parts = work.parts().stream().map(part -> settled(jdbc, part)).toList();
    return new WantedIndex(work.of(parts), IndexedTable.of(jdbc, work.table()));
  }

  /** Names of collations may contain a dot that parts no schema off. */
  private static IndexPart settled(JdbcTemplate jdbc, IndexPart part) {
    var collation = part.collation();
    if (collation == null || collation.schema() == null) {
      return part;
    }
    var isOneName =
        jdbc.queryForObject(
            "SELECT EXISTS (SELECT FROM pg_collation WHERE collname = ?)",
            Boolean.class,
            collation.words());
    return Boolean.TRUE.equals(isOneName) ? part.collated(collation.whole()) : part;
  }

  /**
   * The same for a table of its tree.
   *
   * @param table a partition
   * @param name of the index there
   */
  WantedIndex on(IndexedTable table, String name) {
    return new WantedIndex(work.named(name), table);
  }

  private static Stream<Sql> sqlOf(CreateIndex work) {
    return Stream.concat(
        work.parts().stream().flatMap(part -> Stream.ofNullable(part.expression())),
        Stream.ofNullable(work.where()));
  }

  private static void refuseValues(Sql sql, Map<String, Object> values) {
    var parameters = SqlTemplate.parse(sql.text(), values).parameters();
    if (!parameters.isEmpty()) {
      throw new HopelessException(
          "expected no ':%s' in the definition of an index, which cannot depend on values. Write the value itself"
              .formatted(parameters.get(0)));
    }
  }

  /** The index's name as SQL, with its schema. */
  String qualifiedName() {
    return table.qualified(work.name());
  }

  /** The statement that builds it while the table is in use. */
  String createConcurrently() {
    return create("CONCURRENTLY ", table.qualifiedName());
  }

  /** The statement that makes it for a partitioned table, without those of its partitions. */
  String createAbove() {
    return create("", "ONLY " + table.qualifiedName());
  }

  private String create(String how, String on) {
    return "CREATE %sINDEX %s%s ON %s%s (%s)%s%s%s"
        .formatted(
            work.unique() ? "UNIQUE " : "",
            how,
            Column.quoted(work.name()),
            on,
            work.using() == null ? "" : " USING " + Column.quoted(work.using()),
            work.parts().stream().map(WantedIndex::definition).collect(joining(", ")),
            work.include().isEmpty() ? "" : " INCLUDE (" + quoted(work.include()) + ")",
            with(),
            where(" WHERE "));
  }

  /** What rows are told apart by. */
  private static String key(IndexPart part) {
    return (part.column() == null ? enclosed(part.expression()) : Column.quoted(part.column()))
        + (part.collation() == null ? "" : " COLLATE " + part.collation().sql());
  }

  private static String definition(IndexPart part) {
    return key(part)
        + (part.operatorClass() == null ? "" : " " + part.operatorClass().sql())
        + (part.order() == null ? "" : " " + part.order())
        + (part.nulls() == null ? "" : " NULLS " + part.nulls());
  }

  private String with() {
    var parameters =
        work.with().entrySet().stream()
            .map(
                parameter ->
                    "%s = '%s'"
                        .formatted(
                            Column.quoted(parameter.getKey()),
                            parameter.getValue().replace("'", "''")));
    return work.with().isEmpty() ? "" : " WITH (" + parameters.collect(joining(", ")) + ")";
  }

  private static String quoted(List<String> names) {
    return names.stream().map(Column::quoted).collect(joining(", "));
  }

  private String where(String keyword) {
    return work.where() == null ? "" : keyword + enclosed(work.where());
  }

  /** In parentheses; the line break ends a comment. */
  private static String enclosed(@Nullable Sql sql) {
    return sql == null ? "" : "(" + sql.text() + "\n)";
  }

  /**
   * What PostgreSQL makes of the definition: it is built on an empty copy of the table, in a
   * transaction that is rolled back.
   *
   * @return as {@link ExistingIndex#definition()}
   * @throws org.springframework.dao.DataAccessException if it cannot be built
   */
  String definition(JdbcTemplate jdbc) {
    var dataSource = requireNonNull(jdbc.getDataSource());
    var transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    return transaction.execute(
        status -> {
          status.setRollbackOnly();
          var name = Column.quoted(table.name());
          jdbc.execute(
              "CREATE TEMPORARY TABLE %s (LIKE %s)%s"
                  .formatted(name, table.qualifiedName(), partitioning(jdbc)));
          jdbc.execute(create("", "pg_temp." + name));
          return requireNonNull(
              jdbc.queryForObject(
                  "SELECT "
                      + ExistingIndex.DEFINITION
                      + " FROM pg_index WHERE indexrelid ="
                      + " CAST(CAST(? AS text) AS regclass)",
                  String.class,
                  "pg_temp." + Column.quoted(work.name())));
        });
  }

  /** An empty copy that is partitioned as well is particular about what may be unique. */
  private String partitioning(JdbcTemplate jdbc) {
    return table.isPartitioned()
        ? " PARTITION BY "
            + jdbc.queryForObject("SELECT pg_get_partkeydef(?)", String.class, table.oid())
        : "";
  }

  /** The first keys that keep a unique index from being built, with the number of their rows. */
  String duplicates(JdbcTemplate jdbc) {
    var parts = work.parts().stream().map(WantedIndex::key).toList();
    var aliases = IntStream.rangeClosed(1, parts.size()).mapToObj(i -> "key" + i).toList();
    var keys =
        IntStream.range(0, parts.size())
            .mapToObj(i -> parts.get(i) + " AS " + aliases.get(i))
            .collect(joining(", "));
    var list = String.join(", ", aliases);
    var found =
        jdbc.queryForList(
            """
            SELECT format('(%%s) in %%s rows', left(concat_ws(', ', %1$s), 200), count(*))
              FROM (SELECT %2$s FROM %3$s%4$s) AS indexed
             WHERE num_nulls(%1$s) = 0
             GROUP BY %1$s
            HAVING count(*) > 1
             ORDER BY %1$s
             LIMIT %5$d"""
                .formatted(
                    list, keys, table.qualifiedName(), where(" WHERE "), MOST_DUPLICATES + 1),
            String.class);
    return found.stream().limit(MOST_DUPLICATES).collect(joining(", "))
        + (found.size() > MOST_DUPLICATES ? " and more" : "");
  }
}
