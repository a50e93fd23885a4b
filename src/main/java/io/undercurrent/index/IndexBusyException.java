package io.undercurrent.index;

import io.undercurrent.database.RefusedException;
import io.undercurrent.failure.PassesByItself;

/** An index is not valid because another session is building it right now. */
final class IndexBusyException extends RefusedException implements PassesByItself {

  IndexBusyException(String name, int pid) {
    super(
        "expected no other build of index '%s', found that session %d is building it. Let it finish, or cancel it with: SELECT pg_cancel_backend(%d)"
            .formatted(name, pid, pid));
  }
}
