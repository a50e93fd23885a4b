package io.undercurrent.index;

import io.undercurrent.ddl.Ddl;
import io.undercurrent.failure.HopelessException;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Builds the index of a partitioned table, whatever earlier attempts have left: first those of the
 * partitions, one after the other and concurrently, then those above them, which have no rows; then
 * it attaches the ones to the others. Only that takes strong locks, each for a moment.
 */
final class PartitionedBuild {

  private static final Logger log = LoggerFactory.getLogger(PartitionedBuild.class);

  /** Builds the index of one partition. */
  @FunctionalInterface
  interface PartitionBuild {

    /**
     * Builds it.
     *
     * @param note a comment for the statement, by which others see how far it is
     */
    void build(WantedIndex index, String note);
  }

  private final JdbcTemplate jdbc;
  private final Ddl ddl;
  private final WantedIndex wanted;
  private final String definition;
  private final PartitionBuild build;

  /**
   * A build.
   *
   * @param jdbc the session in which the partitions' indexes are built
   * @param ddl runs what is done at once
   */
  PartitionedBuild(
      JdbcTemplate jdbc, Ddl ddl, WantedIndex wanted, String definition, PartitionBuild build) {
    this.jdbc = jdbc;
    this.ddl = ddl;
    this.wanted = wanted;
    this.definition = definition;
    this.build = build;
  }

  /**
   * Builds what is missing, until the index is valid: partitions may come and go meanwhile.
   *
   * @throws HopelessException if it does not become valid
   */
  void run() {
    while (true) {
      var index = new PartitionedIndex(jdbc, wanted, definition);
      if (index.isValid()) {
        return;
      }
      if (!buildPartitions(index)
          && !each(index, index.missingAbove(), missing -> atOnce(missing.createAbove()))
          && !each(index, index.attachments(), this::atOnce)) {
        throw new HopelessException(
            "expected index '%1$s' to be valid now that each partition's is attached to it, found that it is not: a partition may have been dropped at that moment, and PostgreSQL looks only when one is attached. Start over with: DROP INDEX %2$s, and then retry"
                .formatted(wanted.work().name(), wanted.qualifiedName()));
      }
    }
  }

  private boolean buildPartitions(PartitionedIndex index) {
    var missing = index.missingWithRows();
    var all = index.tables().stream().filter(member -> !member.table().isPartitioned()).count();
    return each(
        index,
        missing,
        one ->
            build.build(
                one,
                "/* partition %d of %d */ "
                    .formatted(all - missing.size() + missing.indexOf(one) + 1, all)));
  }

  private void atOnce(String statement) {
    log.info("On table {}: {}", wanted.table().qualifiedName(), statement);
    ddl.atOnce(List.of(statement));
  }

  /**
   * Does something for each, unless partitions have changed in a way that one cannot be done.
   *
   * @return whether there was something to do
   */
  private <T> boolean each(PartitionedIndex index, List<T> all, Consumer<T> what) {
    try {
      all.forEach(what);
    } catch (DataAccessException e) {
      if (index.tables().equals(PartitionTree.tables(jdbc, wanted.table()))) {
        throw e;
      }
      log.info("The partitions of {} have changed", wanted.table().qualifiedName(), e);
    }
    return !all.isEmpty();
  }
}
