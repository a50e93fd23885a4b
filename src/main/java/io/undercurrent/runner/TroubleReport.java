package io.undercurrent.runner;

import io.undercurrent.database.Database;
import io.undercurrent.lease.LeaseNotes;
import io.undercurrent.lease.Owner;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what keeps a runner from its work: once in the log, and in the database for others. */
final class TroubleReport {

  private static final Logger log = LoggerFactory.getLogger(DatabaseRunner.class);

  private final Database database;
  private final Owner owner;
  private final Set<String> reported = new HashSet<>();
  private volatile @Nullable Trouble trouble;

  TroubleReport(Database database, Owner owner) {
    this.database = database;
    this.owner = owner;
  }

  /** What keeps it from its work now, from any thread. */
  Optional<Trouble> current() {
    return Optional.ofNullable(trouble);
  }

  /** An attempt has failed. */
  Trouble failed(RuntimeException failure) {
    var before = trouble;
    var now = Trouble.of(failure, database, before);
    trouble = now;
    if (before == null || !before.sentence().equals(now.sentence())) {
      log(failure);
      if (now.attempts() > 0) {
        note(now);
      }
    }
    return now;
  }

  /** The runner has ended. */
  void ended(Error error) {
    trouble = Trouble.end(database.name(), error);
  }

  /** The runner works or stands by. */
  void over() {
    trouble = null;
  }

  /** Says a thing once, not with every look. */
  void once(String message) {
    if (reported.add(message)) {
      log.warn(message);
    }
  }

  /** Says things again from now on. */
  void again() {
    reported.clear();
  }

  private void log(RuntimeException failure) {
    var known = Interruption.of(failure, database.name());
    if (known.isPresent()) {
      once(known.get());
    } else {
      log.error("The runner of {} starts over", database.name(), failure);
    }
  }

  /** Has other processes see it, where it can be written and nobody else runs the database. */
  private void note(Trouble trouble) {
    try {
      new LeaseNotes(database.jdbc()).trouble(owner, trouble.sentence());
    } catch (RuntimeException e) {
      log.debug("Other processes will not see the trouble of {}", database.name(), e);
    }
  }
}
