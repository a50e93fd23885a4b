package io.undercurrent.runner;

import io.undercurrent.queue.QueuedUpdate;
import java.util.Optional;

/** Finds what the job files say about a queued update; asked anew for each start. */
@FunctionalInterface
interface Definitions {

  Optional<Definition> find(QueuedUpdate update);
}
