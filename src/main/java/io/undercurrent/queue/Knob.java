package io.undercurrent.queue;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.convert.DurationStyle;

/** What an operator can set of an update while it is queued. */
public enum Knob {
  /** How many chunks of it are worked on at a time. */
  LANES("lanes", new Count(1, Knob.MOST_LANES), "1", "2", "4", "8"),

  /** How long a chunk is to take. */
  TARGET("target", new Span(Duration.ofMillis(1), Duration.ofMinutes(1)), "50ms", "100ms", "250ms"),

  /** How many items a chunk has at most. */
  MAX("max", new Count(1, 1_000_000_000), "100", "1000", "20000"),

  /** How long an iteration is waited for. */
  SLEEP("sleep", new Span(Duration.ZERO, Duration.ofHours(1)), "0", "500ms", "2s");

  /** As many lanes as one update may have. */
  public static final int MOST_LANES = 32;

  private final String word;
  private final Values values;
  private final List<String> examples;

  Knob(String word, Values values, String... examples) {
    this.word = word;
    this.values = values;
    this.examples = List.of(examples);
  }

  /** Its name. */
  public String word() {
    return word;
  }

  /** Values that completion offers. */
  public List<String> examples() {
    return examples;
  }

  /** What its values are, for messages. */
  public String expected() {
    return values.expected();
  }

  /** A value that an operator gave, as it is kept; empty if it is not what is expected. */
  public Optional<String> value(String given) {
    try {
      return values.kept(given);
    } catch (IllegalArgumentException | ArithmeticException e) {
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

  /** A duration as it is kept: {@code 250ms}, {@code 2s}. */
  public static String text(Duration duration) {
    return duration.toMillisPart() == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
  }

  /** What may be set. */
  private sealed interface Values {

    String expected();

    /**
     * A value as it is kept, if it is one of them.
     *
     * @throws IllegalArgumentException if it is nothing of the kind
     */
    Optional<String> kept(String given);
  }

  private record Count(int least, int most) implements Values {

    @Override
    public String expected() {
      return "a number from %d to %d".formatted(least, most);
    }

    @Override
    public Optional<String> kept(String given) {
      var number = Integer.parseInt(given);
      return number < least || number > most
          ? Optional.empty()
          : Optional.of(String.valueOf(number));
    }
  }

  private record Span(Duration least, Duration most) implements Values {

    @Override
    public String expected() {
      return "a duration from %s to %s in whole milliseconds, such as 250ms or 2s"
          .formatted(text(least), text(most));
    }

    @Override
    public Optional<String> kept(String given) {
      // a bare number would be milliseconds to some, and seconds to others
      if (given.matches("[+-]?\\d+") && !given.equals("0")) {
        return Optional.empty();
      }
      var duration = DurationStyle.detectAndParse(given);
      return duration.compareTo(least) < 0
              || duration.compareTo(most) > 0
              || !duration.equals(duration.truncatedTo(ChronoUnit.MILLIS))
          ? Optional.empty()
          : Optional.of(text(duration));
    }
  }
}
