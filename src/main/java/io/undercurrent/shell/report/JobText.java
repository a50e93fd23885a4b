package io.undercurrent.shell.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The text of a job file for others to read: without its values, which may be secret. */
final class JobText {

  private static final Pattern VALUES = Pattern.compile("[\"']?values[\"']?\\s*:.*");

  private JobText() {}

  /**
   * Leaves the values out.
   *
   * @param values what they are
   * @return empty if they cannot be told from the rest
   */
  static Optional<String> without(Map<String, Object> values, String text) {
    var lines = new ArrayList<String>();
    var inside = false;
    for (var line : text.lines().toList()) {
      if (VALUES.matcher(line).matches()) {
        inside = true;
        lines.add("values: # left out: they may be secret");
      } else if (!inside || !line.isBlank() && !line.matches("[\\s#}\\]-].*")) {
        inside = false;
        lines.add(line);
      }
    }
    var left = String.join("\n", lines);
    return values.values().stream().anyMatch(value -> isIn(left, value))
        ? Optional.empty()
        : Optional.of(left);
  }

  private static boolean isIn(String text, @Nullable Object value) {
    return value instanceof Collection<?> values
        ? values.stream().anyMatch(each -> isIn(text, each))
        : String.valueOf(value).length() > 3 && text.contains(String.valueOf(value));
  }
}
