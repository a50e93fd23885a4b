package io.undercurrent.kind;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a check warns of, and what a job file can say is meant so: {@code allow: [slow-plan]}. */
public enum Concern {
  /** A chunk or a statement reads or sorts more of a large table than it needs. */
  SLOW_PLAN("slow-plan"),

  /** Triggers of the table fire for each row that is changed. */
  ROW_TRIGGERS("row-triggers"),

  /** Rows of other tables are looked for, without an index, for each row that goes. */
  CASCADE("cascade"),

  /** Indexes on the columns that change have every new version of a row entered into all. */
  NO_HOT_UPDATE("no-hot-update"),

  /** A statement locks a table against its application while it works. */
  STRONG_LOCK("strong-lock"),

  /** A single transaction changes many rows. */
  MANY_ROWS("many-rows");

  private final String word;

  Concern(String word) {
    this.word = word;
  }

  /** As in a job file. */
  public String word() {
    return word;
  }

  public static Optional<Concern> of(String word) {
    return Arrays.stream(values()).filter(concern -> concern.word.equals(word)).findFirst();
  }

  public static List<String> words() {
    return Arrays.stream(values()).map(Concern::word).toList();
  }
}
