package io.undercurrent.status;

import io.undercurrent.lease.LockWait;
import io.undercurrent.status.DatabaseStatus.IndexBuildView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions of a runner do at this moment, as the server shows them.
 *
 * @param build the index that is being built, or null
 * @param waits the locks that they wait for
 */
record Activity(@Nullable IndexBuildView build, List<LockWait> waits) {

  static final Activity NONE = new Activity(null, List.of());
}
