package io.undercurrent.status;

import io.undercurrent.job.DefinedUpdate;
import java.util.Optional;

/** Finds what the job files say about an update; asked anew for each start. */
@FunctionalInterface
public interface Definitions {

  Optional<DefinedUpdate> find(String updateName);
}
