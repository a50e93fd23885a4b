package io.undercurrent.admin.http;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** JSON as the reference, and so Python, reads and writes it. */
public final class PythonJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNameLength(RequestBody.MOST_BYTES)
                          .maxNumberLength(RequestBody.MOST_BYTES)
                          .build())
                  .build())
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
          .addModule(new SimpleModule().addSerializer(Double.class, new PythonFloat()))
          .build();

  private PythonJson() {}

  /** Compact, in ASCII. */
  static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /** Reads one value with nothing after it; null if the text is not JSON. */
  static @Nullable JsonNode read(String text) {
    try {
      var node = MAPPER.readTree(text);
      return node.isMissingNode() ? null : node;
    } catch (JacksonException e) {
      return null;
    }
  }

  /**
   * A number as Python's repr writes it: the fewest digits that give the same number, and of those
   * the nearest. {@code Double.toString} does so only from JDK 19 on.
   */
  static String number(double value) {
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    var shortest = shortest(new BigDecimal(value), value).stripTrailingZeros();
    var exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      var plain = shortest.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    var digits = shortest.unscaledValue().abs().toString();
    return "%s%s%s%se%s%02d"
        .formatted(
            value < 0 ? "-" : "",
            digits.charAt(0),
            digits.length() > 1 ? "." : "",
            digits.substring(1),
            exponent < 0 ? "-" : "+",
            Math.abs(exponent));
  }

  private static BigDecimal shortest(BigDecimal exact, double value) {
    for (var digits = 1; digits < 17; digits++) {
      // Next to a power of two, the nearest may be another number's while one farther off is not.
      for (var mode : List.of(RoundingMode.HALF_EVEN, RoundingMode.UP, RoundingMode.DOWN)) {
        var rounded = exact.round(new MathContext(digits, mode));
        if (rounded.doubleValue() == value) {
          return rounded;
        }
      }
    }
    return exact.round(new MathContext(17, RoundingMode.HALF_EVEN));
  }

  private static final class PythonFloat extends ValueSerializer<Double> {

    @Override
    public void serialize(Double value, JsonGenerator json, SerializationContext context) {
      json.writeNumber(number(value));
    }
  }
}
