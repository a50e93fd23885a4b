package io.undercurrent.database;

import static java.util.Comparator.comparingDouble;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;

/** Guesses which known word was meant by an unknown one. */
public final class DidYouMean {

  private static final JaroWinklerSimilarity SIMILARITY = new JaroWinklerSimilarity();
  private static final double SIMILAR = 0.85;

  private DidYouMean() {}

  /** The most similar known word; empty if none is similar. */
  public static Optional<String> nearest(String word, Collection<String> known) {
    return known.stream()
        .filter(candidate -> similarity(word, candidate) >= SIMILAR)
        .max(comparingDouble(candidate -> similarity(word, candidate)));
  }

  /** What to append to a message about the unknown word; empty if no known word is similar. */
  public static String hint(String word, Collection<String> known) {
    return nearest(word, known).map(", did you mean '%s'?"::formatted).orElse("");
  }

  private static double similarity(String word, String candidate) {
    return SIMILARITY.apply(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
  }
}
