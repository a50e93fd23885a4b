package io.undercurrent.failure;

/** What is done about a sort of error; always after a rollback, and with no transaction open. */
public enum Reaction {
  /** It is between two transactions, and passes with one of them. */
  AGAIN("tries the same chunk again after a moment of random length, as often as it takes", true),

  /** A session is in the way; the smaller a chunk, the fewer are. */
  GIVE_WAY(
      "tries again, then with half the rows, down to one row; then waits and names who is in the way",
      true),

  /** The chunk is too much at once. */
  SMALLER(
      "has a quarter of the chunk, down to one row, and lets it grow again; tries one row five times",
      false),

  /** The server or the way to it is gone. */
  RECONNECT("connects again, reads the position, and goes on, as often as it takes", true),

  /** The server lacks something that operators or time will give it. */
  WAIT("waits and goes on by itself, as often as it takes", true),

  /** One row is wrong. */
  FIND_ROW(
      "halves the chunk until the row is known; puts it into quarantine if the job file says so,"
          + " else stops and names its key",
      false),

  /** A bean has failed on an item, for reasons of its own. */
  FIND_ITEM("finds the item and tries it five times; then as with data that is wrong", false),

  /** Nothing changes it but a change of the file, the schema or the privileges. */
  STOP("stops at once; mend it, then: retry UPDATE", false),

  /** Nobody knows. */
  ATTEMPTS("tries five times, 1 to 8 s apart, then stops until: retry UPDATE", false);

  private final String words;
  private final boolean passing;

  Reaction(String words, boolean passing) {
    this.words = words;
    this.passing = passing;
  }

  /** What is done, for operators. */
  public String words() {
    return words;
  }

  /** Whether the error passes by itself, so that an update is never given up for it. */
  public boolean isPassing() {
    return passing;
  }
}
