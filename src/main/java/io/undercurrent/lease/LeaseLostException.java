package io.undercurrent.lease;

import io.undercurrent.failure.EndsExecution;

/**
 * This process does not run the database any more; whatever it still wanted to write is refused.
 */
public final class LeaseLostException extends IllegalStateException implements EndsExecution {

  public LeaseLostException(String reason) {
    super(reason);
  }

  static LeaseLostException to(String owner, String database, String why) {
    return new LeaseLostException(
        "%s does not run the updates of '%s' any more: %s".formatted(owner, database, why));
  }
}
