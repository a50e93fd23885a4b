package io.undercurrent.configuration;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import io.undercurrent.database.DidYouMean;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * The properties that Undercurrent reads.
 *
 * @param all each of them
 */
record KnownProperties(List<KnownProperty> all) {

  static final String VARIABLE_PREFIX = "UNDERCURRENT_";

  boolean contain(ConfigurationPropertyName name) {
    return all.stream().anyMatch(property -> property.matches(name));
  }

  boolean containVariable(String variable) {
    return all.stream().anyMatch(property -> property.matches(variable));
  }

  /** Whether there is a property in that section of a file. */
  boolean haveSection(ConfigurationPropertyName section) {
    return all.stream().anyMatch(property -> property.isIn(section));
  }

  /** The property that is most similar to an unknown one, in the section that they share. */
  Optional<String> nearest(ConfigurationPropertyName unknown) {
    var candidates = all.stream().flatMap(property -> property.nameLike(unknown).stream()).toList();
    return IntStream.iterate(unknown.getNumberOfElements() - 1, i -> i > 0, i -> i - 1)
        .mapToObj(shared -> nearest(unknown, shared, candidates))
        .flatMap(Optional::stream)
        .findFirst()
        .map(ConfigurationPropertyName::toString);
  }

  private static Optional<ConfigurationPropertyName> nearest(
      ConfigurationPropertyName unknown, int shared, List<ConfigurationPropertyName> candidates) {
    var section = unknown.chop(shared);
    var byRest =
        candidates.stream()
            .filter(candidate -> candidate.chop(shared).equals(section))
            .collect(
                toMap(
                    candidate -> candidate.subName(shared).toString(),
                    identity(),
                    (one, same) -> one));
    return DidYouMean.nearest(unknown.subName(shared).toString(), byRest.keySet()).map(byRest::get);
  }

  /** The environment variable that is most similar to an unknown one. */
  Optional<String> nearestVariable(String unknown) {
    var rests =
        all.stream()
            .flatMap(property -> property.variableLike(unknown).stream())
            .map(KnownProperties::withoutPrefix)
            .toList();
    return DidYouMean.nearest(withoutPrefix(unknown), rests).map(VARIABLE_PREFIX::concat);
  }

  private static String withoutPrefix(String variable) {
    return variable.substring(VARIABLE_PREFIX.length());
  }
}
