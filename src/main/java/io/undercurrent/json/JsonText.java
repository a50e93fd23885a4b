package io.undercurrent.json;

import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON with names in snake_case, in ASCII whatever the locale. */
public final class JsonText {

  private static final JsonMapper LINES =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private static final JsonMapper INDENTED =
      LINES.rebuild().enable(SerializationFeature.INDENT_OUTPUT).build();

  private JsonText() {}

  /** In as many lines as are easy to read. */
  public static String indented(Object value) {
    return INDENTED.writeValueAsString(value);
  }

  /** In one line. */
  public static String line(Object value) {
    return LINES.writeValueAsString(value);
  }
}
