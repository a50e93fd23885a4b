package io.undercurrent.shell.language;

/** The operator did not wait for what a wish brings about; the wish holds nevertheless. */
public final class WishStandsException extends InterruptedException {

  private static final long serialVersionUID = 1L;

  public WishStandsException(String message) {
    super(message);
  }
}
