package io.undercurrent.shell.screen;

import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What scripts read: JSON with names in snake_case, in ASCII whatever the locale. */
public final class JsonOutput {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private static final JsonMapper LINES =
      MAPPER.rebuild().disable(SerializationFeature.INDENT_OUTPUT).build();

  private JsonOutput() {}

  public static void print(Screen screen, Object value) {
    screen.out().println(MAPPER.writeValueAsString(value));
  }

  /** Prints one of many values, in a line of its own. */
  public static void printLine(Screen screen, Object value) {
    screen.out().println(LINES.writeValueAsString(value));
  }
}
