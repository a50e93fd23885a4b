package io.undercurrent.index;

import static java.util.stream.Collectors.joining;

import io.undercurrent.database.SqlFailure;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.index.PartitionTree.Member;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** What has to hold besides before the index of a partitioned table is built. */
final class PartitionRules {

  private static final String NOT_SUPPORTED = "0A000";

  private final JdbcTemplate jdbc;
  private final WantedIndex wanted;

  PartitionRules(JdbcTemplate jdbc, WantedIndex wanted) {
    this.jdbc = jdbc;
    this.wanted = wanted;
  }

  /**
   * Has PostgreSQL accept the definition for each level of the tree, and looks at all partitions.
   *
   * @return the definition as PostgreSQL understands it
   * @throws HopelessException if a partition cannot have the index
   * @throws DataAccessException if the definition is not accepted
   */
  String check() {
    if (wanted.work().replaces() != null) {
      throw new HopelessException(
          "expected no 'replaces' for a partitioned table, found '%1$s': PostgreSQL cannot drop an index of %2$s concurrently. Leave it out, and drop the old one with an update after this one: run: DROP INDEX %1$s"
              .formatted(wanted.work().replaces(), wanted.table().name()));
    }
    var tables = PartitionTree.tables(jdbc, wanted.table());
    refuseForeign(tables);
    tables.forEach(member -> rules(member.table(), wanted.work().name()).requireOwner());
    var definition =
        tables.stream()
            .map(Member::table)
            .filter(IndexedTable::isPartitioned)
            .map(this::definition)
            .toList()
            .get(0);
    rules(wanted.table(), wanted.work().name()).requireFree(definition);
    var index = new PartitionedIndex(jdbc, wanted, definition);
    Stream.concat(index.missingWithRows().stream(), index.missingAbove().stream())
        .map(this::rules)
        .forEach(
            missing -> {
              missing.requireFree(definition);
              missing.requireUnattached();
            });
    return definition;
  }

  private static void refuseForeign(List<Member> tables) {
    var foreign =
        tables.stream()
            .map(Member::table)
            .filter(IndexedTable::isForeign)
            .map(IndexedTable::qualifiedName)
            .collect(joining(", "));
    if (!foreign.isEmpty()) {
      throw new HopelessException(
          "expected partitions that are tables, found %s, which is foreign and can have no index: with it, the index of the whole table would never be valid. Build one on each of the other partitions, or detach it"
              .formatted(foreign));
    }
  }

  private String definition(IndexedTable table) {
    try {
      return wanted.on(table, wanted.work().name()).definition(jdbc);
    } catch (DataAccessException e) {
      var failure = SqlFailure.of(e);
      if (wanted.work().unique() && NOT_SUPPORTED.equals(failure.sqlState())) {
        throw new HopelessException(
            "%s. Rows of different partitions cannot be compared by an index: add the columns by which %s is partitioned to 'columns', or leave 'unique' out"
                .formatted(failure.sentence(), table.name()),
            e);
      }
      throw e;
    }
  }

  private IndexRules rules(IndexedTable table, String name) {
    return rules(wanted.on(table, name));
  }

  private IndexRules rules(WantedIndex of) {
    return new IndexRules(jdbc, of);
  }
}
