package io.undercurrent.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PythonJsonTests {

  /** As Python 3 prints them; the first four are not what JDK 17's Double.toString says. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2e-44",
        "2.0001e-12",
        "2e+23",
        "8.41e+21",
        "0.0",
        "-0.0",
        "370.0",
        "0.1",
        "0.30000000000000004",
        "0.0001",
        "1e-05",
        "1.5e-05",
        "0.1322751322751323",
        "123456789012345.0",
        "1000000000000000.0",
        "1e+16",
        "1.2345678901234568e+17",
        "9007199254740993e+10",
        "6.189700196426902e+26",
        "5e-324",
        "2.2250738585072014e-308",
        "1.7976931348623157e+308",
        "-1.5"
      })
  void writesNumbersAsPythonDoes(String python) {
    var value = Double.parseDouble(python);
    var expected = python.startsWith("9007") ? "9.007199254740994e+25" : python;

    assertThat(PythonJson.number(value)).isEqualTo(expected);
  }

  @Test
  void writesNumbersThatGiveTheirValueBack() {
    var random = new Random(1);
    for (var i = 0; i < 2_000; i++) {
      var value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        assertThat(Double.parseDouble(PythonJson.number(value))).isEqualTo(value);
        assertThat(PythonJson.number(value).length())
            .isLessThanOrEqualTo(Double.toString(value).length() + 2);
      }
    }
  }
}
