package io.undercurrent.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.state.Measure.Unit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasureTests {

  @ParameterizedTest
  @CsvSource({
    "SECONDS, 0.34, 0.3 s",
    "SECONDS, 8, 8 s",
    "SECONDS, 34.9, 34 s",
    "SECONDS, 119, 119 s",
    "SECONDS, 120, 2 min",
    "SECONDS, 3600, 1 h",
    "SECONDS, 7500, 2 h 5 min",
    "BYTES, 0, 0 B",
    "BYTES, 1023, '1,023 B'",
    "BYTES, 1024, 1 kB",
    "BYTES, 1073741824, 1 GB",
    "BYTES, 1288490189, 1.2 GB",
    "BYTES, 536870912, 512 MB",
    "COUNT, 20, 20",
    "COUNT, 0.8, 0.8",
    "COUNT, 1000000, '1,000,000'"
  })
  void isWrittenWithItsUnit(Unit unit, double figure, String words) {
    assertThat(unit.words(figure)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({", slots is 1 kB", "old, slots of old is 1 kB"})
  void namesWhatWasMeasured(String subject, String words) {
    assertThat(new Measure("slots", subject, 1024.0, 10, Unit.BYTES).words()).isEqualTo(words);
  }
}
