package io.undercurrent.outside;

import io.undercurrent.database.RefusedException;
import io.undercurrent.failure.PassesByItself;

/** Indexes are not valid because another session may be building them right now. */
final class TableBusyException extends RefusedException implements PassesByItself {

  TableBusyException(String name, int pid) {
    super(
        "expected no other REINDEX of %s, found that session %d is building an index there. Let it finish, or cancel it with: SELECT pg_cancel_backend(%d)"
            .formatted(name, pid, pid));
  }
}
