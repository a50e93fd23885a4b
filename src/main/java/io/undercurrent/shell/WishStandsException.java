package io.undercurrent.shell;

/** Somebody did not want to wait for what a wish brings about; the wish holds nevertheless. */
final class WishStandsException extends InterruptedException {

  private static final long serialVersionUID = 1L;

  WishStandsException(String message) {
    super(message);
  }
}
