package io.undercurrent.runner;

/** Another process runs the database now; whatever this one still wanted to write was refused. */
final class LeaseLostException extends IllegalStateException {

  LeaseLostException(String database) {
    super(
        "This process does not run the updates of '%s' any more; another one has taken over"
            .formatted(database));
  }
}
