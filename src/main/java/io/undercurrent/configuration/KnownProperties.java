package io.undercurrent.configuration;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import io.undercurrent.database.DidYouMean;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

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

  /**
   * Whether an environment variable sets one of them. A database whose name has several words is
   * only found in one if the name is set elsewhere: the variable does not show which words are the
   * name's.
   *
   * @param elsewhere properties that are set by other means
   */
  boolean containVariable(String variable, List<ConfigurationPropertyName> elsewhere) {
    return all.stream().anyMatch(property -> property.matches(variable))
        || elsewhere.stream()
            .flatMap(name -> all.stream().flatMap(property -> property.nameLike(name).stream()))
            .anyMatch(name -> variable.equalsIgnoreCase(variable(name)));
  }

  private static String variable(ConfigurationPropertyName name) {
    return IntStream.range(0, name.getNumberOfElements())
        .mapToObj(i -> name.getElement(i, Form.ORIGINAL).replace('-', '_'))
        .collect(joining("_"));
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
