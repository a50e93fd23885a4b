package io.undercurrent.index;

import io.undercurrent.database.SqlFailure;
import io.undercurrent.ddl.Ddl;
import io.undercurrent.ddl.DdlSession;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.iteration.DirectSessions;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.stop.StopAtBoundaryException;
import io.undercurrent.stop.StopSignal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Builds an index concurrently, whatever earlier attempts have left: in the end it is there and
 * valid, or nothing of it is.
 */
final class IndexBuild {

  private static final Logger log = LoggerFactory.getLogger(IndexBuild.class);

  private static final String UNIQUE_VIOLATION = "23505";
  private static final String CANCELED = "57014";

  /** How long a build that was cut may take to clear up: a shutdown has to be quick. */
  private static final Duration CLEARING = Duration.ofMillis(700);

  private static final Duration LOOKING_FOR_DUPLICATES = Duration.ofSeconds(10);

  private final UpdateContext update;
  private final CreateIndex work;

  private final Runnable boundary;
  private @Nullable WantedIndex building;

  /**
   * A build.
   *
   * @param boundary called where it may as well be stopped; throws if it is to be
   */
  IndexBuild(UpdateContext update, CreateIndex work, Runnable boundary) {
    this.update = update;
    this.work = work;
    this.boundary = boundary;
  }

  /**
   * Builds it, unless it is there, and drops what it replaces.
   *
   * @throws StopAtBoundaryException if it was cut
   * @throws HopelessException if it cannot be built until something is changed
   */
  void run() {
    try (var session = open(update.stop())) {
      var wanted = WantedIndex.of(session.jdbc(), work, update.values());
      try {
        if (wanted.table().isPartitioned()) {
          buildPartitioned(session, wanted);
        } else {
          building = wanted;
          session.watched(() -> new IndexRules(session.jdbc(), wanted).check());
          build(session, wanted, "");
          replace(session, wanted);
        }
      } catch (RuntimeException e) {
        throw afterFailure(e);
      }
    }
  }

  private void buildPartitioned(DdlSession session, WantedIndex wanted) {
    var definition = session.watched(() -> new IndexRules(session.jdbc(), wanted).check());
    new PartitionedBuild(
            session.jdbc(),
            new Ddl(update),
            wanted,
            definition,
            (partition, note) -> {
              boundary.run();
              building = partition;
              build(session, partition, note);
            })
        .run();
  }

  private DdlSession open(StopSignal stop) {
    var name = DirectSessions.INDEX_BUILD + update.name();
    return new DdlSession(update.sessions().open(name), update.jdbc(), stop, update.time());
  }

  private void build(DdlSession session, WantedIndex wanted, String note) {
    var name = wanted.work().name();
    var leftovers = new IndexLeftovers(session, wanted.table());
    leftovers.drop(name);
    if (ExistingIndex.find(session.jdbc(), wanted.table(), name).isPresent()) {
      log.info("Index {} on {} is there", name, update.databaseName());
      return;
    }
    log.info("Building index {} on {}", name, update.databaseName());
    session.execute(note + wanted.createConcurrently());
    if (ExistingIndex.find(session.jdbc(), wanted.table(), name)
        .filter(ExistingIndex::valid)
        .isEmpty()) {
      throw new IllegalStateException(
          "Expected index '%s' to be valid after its build, but it is not".formatted(name));
    }
  }

  private void replace(DdlSession session, WantedIndex wanted) {
    var replaces = work.replaces();
    if (replaces != null
        && ExistingIndex.find(session.jdbc(), wanted.table(), replaces).isPresent()) {
      log.info("Dropping index {} on {}, which is replaced", replaces, update.databaseName());
      session.execute(IndexLeftovers.dropConcurrently(wanted.table(), replaces));
    }
  }

  /** What to throw once nothing that is INVALID is left. */
  private RuntimeException afterFailure(RuntimeException failure) {
    if (failure instanceof IndexBusyException && !isCut()) {
      return failure;
    }
    var explained = failure;
    if (building != null) {
      explained = isCut() ? failure : explained(building, failure);
      clear(building);
    }
    var cut = update.stop().cutReason();
    return cut == null ? explained : new StopAtBoundaryException(cut);
  }

  private boolean isCut() {
    return update.stop().cutReason() != null;
  }

  private void clear(WantedIndex wanted) {
    var stop = isCut() ? new StopSignal(update.time()) : update.stop();
    var limit = isCut() ? CLEARING : Duration.ZERO;
    try (var session = open(stop)) {
      session.limit(limit);
      var leftovers = new IndexLeftovers(session, wanted.table());
      leftovers.drop(wanted.work().name());
      if (work.replaces() != null) {
        leftovers.drop(work.replaces());
      }
    } catch (RuntimeException e) {
      log.warn(
          "What the build of index {} on {} left is not dropped yet; the next start drops it, or do it with: {} ({})",
          wanted.work().name(),
          update.databaseName(),
          IndexLeftovers.dropConcurrently(wanted.table(), wanted.work().name()),
          SqlFailure.of(e).sentence());
    }
  }

  private RuntimeException explained(WantedIndex wanted, RuntimeException failure) {
    var sql = SqlFailure.of(failure);
    if (!work.unique() || !UNIQUE_VIOLATION.equals(sql.sqlState())) {
      return failure;
    }
    return new HopelessException(
        "%s. Found: %s. Make them differ, then try again with: retry %s"
            .formatted(sql.sentence(), duplicates(wanted), update.name()),
        failure);
  }

  private String duplicates(WantedIndex wanted) {
    try (var session = open(update.stop())) {
      session.limit(LOOKING_FOR_DUPLICATES);
      var found = session.watched(() -> wanted.duplicates(session.jdbc()));
      return found.isEmpty() ? "none any more" : found;
    } catch (DataAccessException e) {
      var failure = SqlFailure.of(e);
      return CANCELED.equals(failure.sqlState())
          ? "no others within %d s".formatted(LOOKING_FOR_DUPLICATES.toSeconds())
          : failure.sentence();
    }
  }
}
