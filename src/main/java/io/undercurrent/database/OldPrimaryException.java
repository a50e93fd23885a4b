package io.undercurrent.database;

import java.time.temporal.ChronoUnit;

/** A server whose place another one has taken: it accepts writes, but they would be lost. */
final class OldPrimaryException extends DatabaseDownException {

  private final String host;

  /**
   * Refuses a server.
   *
   * @param database what it is called here
   * @param found what it says of itself
   * @param seen what another one has said before
   */
  OldPrimaryException(String database, WalPosition found, WalPosition seen) {
    super("Database '%s': %s".formatted(database, sentence(found, seen)), null);
    this.host = found.host();
  }

  /** Host and port of the server. */
  String host() {
    return host;
  }

  private static String sentence(WalPosition found, WalPosition seen) {
    var at = seen.at().truncatedTo(ChronoUnit.SECONDS);
    return seen.timeline().isAfter(found.timeline())
        ? "expected timeline %d or later, as seen on %s at %s, found timeline %d on %s: an old primary, whose place another server has taken. Stop it, or rebuild it as a standby of the new one; work goes on once that one answers"
            .formatted(
                seen.timeline().number(), seen.host(), at, found.timeline().number(), found.host())
        : "expected a write-ahead log that has got to %s, as seen on %s at %s, found %s on %s: an older copy. Configure the url of the newer one, or restart Undercurrent if it was put back on purpose"
            .formatted(seen.lsnText(), seen.host(), at, found.lsnText(), found.host());
  }
}
