package io.undercurrent.configuration;

import java.util.regex.Pattern;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Says where properties are set. */
final class Origins {

  // The text of a place in a file is "URL [file:config/application.yaml] - 3:21".
  private static final Pattern PLACE = Pattern.compile(".*\\[(?:file:)?([^]]*)].* - (\\d+):\\d+");

  private Origins() {}

  /** The place in words, for the end of a sentence. */
  static String of(PropertySource<?> source, String key) {
    if (source instanceof SystemEnvironmentPropertySource) {
      return "an environment variable";
    }
    if (source instanceof CommandLinePropertySource) {
      return "the command line";
    }
    if (source.getName().equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME)) {
      return "a system property";
    }
    return OriginLookup.getOrigin(source, key) instanceof TextResourceOrigin place
        ? PLACE.matcher(place.toString()).replaceFirst("$1:$2")
        : source.getName();
  }
}
