package io.undercurrent.runner;

/**
 * This process does not run the database any more; whatever it still wanted to write is refused.
 */
final class LeaseLostException extends IllegalStateException {

  LeaseLostException(String reason) {
    super(reason);
  }

  static LeaseLostException to(String owner, String database) {
    return new LeaseLostException(
        "%s does not run the updates of '%s' any more: another process has taken over"
            .formatted(owner, database));
  }
}
