package io.undercurrent.index;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.joining;

import io.undercurrent.database.SqlFailure;
import io.undercurrent.ddl.Ddl;
import io.undercurrent.ddl.DdlSession;
import io.undercurrent.index.CancelledIndex.Fate;
import io.undercurrent.index.PartitionTree.Index;
import io.undercurrent.index.PartitionTree.Member;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Clears away what the build of a partitioned table's index left on it and its partitions. */
final class CancelledPartitions {

  private static final String LOCK_TIMEOUT = "55P03";
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(300);

  private final WantedIndex wanted;
  private final String definition;

  CancelledPartitions(JdbcTemplate jdbc, WantedIndex wanted) {
    this.wanted = wanted;
    this.definition = wanted.definition(jdbc);
  }

  /**
   * Drops what is not valid as a whole, and what was built for it.
   *
   * @param limit how long to try
   */
  Fate clear(DdlSession session, Duration limit, TimeSource time) {
    var index = look(session.jdbc());
    if (index.isValid()) {
      return Fate.VALID;
    }
    if (hasOthers(index)) {
      return Fate.SHARED;
    }
    var above = above(index);
    above.forEach(drop -> dropSoon(session, drop, limit, time));
    var built = false;
    for (var member : withRows(index)) {
      for (var one : look(session.jdbc()).ours(member)) {
        built = true;
        new IndexLeftovers(session, member.table()).dropBuilt(one.name());
      }
    }
    return built || !above.isEmpty() ? Fate.PARTS_DROPPED : Fate.ABSENT;
  }

  private PartitionedIndex look(JdbcTemplate jdbc) {
    return new PartitionedIndex(jdbc, wanted, definition);
  }

  /** Whether indexes that we have not built would be dropped along. */
  private static boolean hasOthers(PartitionedIndex index) {
    return ourTops(index).anyMatch(top -> !index.othersBelow(top).isEmpty());
  }

  /** Our indexes of partitioned tables that are attached to nothing. */
  private static Stream<Index> ourTops(PartitionedIndex index) {
    return index.tables().stream()
        .filter(member -> member.table().isPartitioned())
        .flatMap(member -> index.ours(member).stream())
        .filter(one -> !one.isAttached());
  }

  private static List<Member> withRows(PartitionedIndex index) {
    return index.tables().stream().filter(member -> !member.table().isPartitioned()).toList();
  }

  private static List<String> above(PartitionedIndex index) {
    return index.tables().stream()
        .filter(member -> member.table().isPartitioned())
        .sorted(comparing(Member::level))
        .flatMap(
            member ->
                index.ours(member).stream()
                    .filter(one -> !one.isAttached())
                    .map(one -> "DROP INDEX IF EXISTS " + member.table().qualified(one.name())))
        .toList();
  }

  /** With what is attached to it; PostgreSQL cannot do that concurrently. */
  private static void dropSoon(DdlSession session, String drop, Duration limit, TimeSource time) {
    session.jdbc().execute("SET lock_timeout = " + Ddl.LOCK_TIMEOUT.toMillis());
    var begin = time.nanos();
    while (true) {
      try {
        session.execute(drop);
        session.jdbc().execute("SET lock_timeout = 0");
        return;
      } catch (DataAccessException e) {
        if (!LOCK_TIMEOUT.equals(SqlFailure.of(e).sqlState())
            || time.since(begin).compareTo(limit) > 0) {
          throw e;
        }
        rest(time);
      }
    }
  }

  private static void rest(TimeSource time) {
    try {
      time.sleep(BETWEEN_TRIES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The statements that drop all of it. */
  String drops(JdbcTemplate jdbc) {
    var index = look(jdbc);
    return Stream.concat(
            above(index).stream(),
            withRows(index).stream()
                .flatMap(
                    member ->
                        index.ours(member).stream()
                            .filter(one -> !one.isAttached())
                            .map(
                                one ->
                                    IndexLeftovers.dropConcurrently(member.table(), one.name()))))
        .collect(joining("; "));
  }
}
