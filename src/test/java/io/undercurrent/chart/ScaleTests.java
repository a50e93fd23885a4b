package io.undercurrent.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleTests {

  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "0.003, 0.003",
    "1, 1",
    "97, 100",
    "100, 100",
    "101, 150",
    "2300, 2500",
    "812345, 1000000"
  })
  void endsWithARoundNumber(double greatest, double top) {
    assertThat(Scale.upTo(greatest).top()).isEqualTo(top);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0",
        "0.0021 | 0.0021",
        "0.25 | 0.25",
        "2.5 | 2.5",
        "20 | 20",
        "100 | 100",
        "12500 | 12,500",
        "999999 | 999,999",
        "1000000 | 1M",
        "2500000 | 2.5M",
        "400000000000 | 400G"
      })
  void writesValuesBriefly(double value, String label) {
    assertThat(Scale.label(value)).isEqualTo(label);
  }
}
