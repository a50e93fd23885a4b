package io.undercurrent.queue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What an operator can set of an update while it is queued. */
public enum Knob {
  /** How many chunks of it are worked on at a time. */
  LANES("lanes", 1, Knob.MOST_LANES, List.of("1", "2", "4", "8"));

  /** As many lanes as one update may have. */
  public static final int MOST_LANES = 32;

  private final String word;
  private final int least;
  private final int most;
  private final List<String> examples;

  Knob(String word, int least, int most, List<String> examples) {
    this.word = word;
    this.least = least;
    this.most = most;
    this.examples = examples;
  }

  /** Its name, as in a job file. */
  public String word() {
    return word;
  }

  /** Values that completion offers. */
  public List<String> examples() {
    return examples;
  }

  /** What its values are, for messages. */
  public String expected() {
    return "a number from %d to %d".formatted(least, most);
  }

  /** A value that an operator gave, as it is kept; empty if it is not what is expected. */
  public Optional<String> value(String given) {
    try {
      var number = Integer.parseInt(given);
      return number < least || number > most
          ? Optional.empty()
          : Optional.of(String.valueOf(number));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  public static Optional<Knob> of(String word) {
    return Arrays.stream(values()).filter(knob -> knob.word.equals(word)).findFirst();
  }

  /** The names of all. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Knob::word).toList();
  }
}
