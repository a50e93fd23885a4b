package io.undercurrent.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimeWindowsTests {

  private static final Duration YEAR = Duration.ofDays(371);
  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

  @Test
  void isOpenWhileOneOfThemIs() {
    var windows = windows("22:00-06:00 UTC", "05:00-08:00 UTC", "Sat 00:00-24:00 UTC");

    assertThat(windows.openFrom(NOON)).isEqualTo("2026-11-30T22:00:00Z");
    assertThat(windows.isOpen(Instant.parse("2026-11-30T07:59:59Z"))).isTrue();
    assertThat(windows.isOpen(Instant.parse("2026-11-30T08:00:00Z"))).isFalse();
    assertThat(windows.words())
        .isEqualTo("22:00-06:00 UTC or 05:00-08:00 UTC or Sat 00:00-24:00 UTC");
  }

  @Test
  void isAlwaysOpenWithoutOne() {
    assertThat(TimeWindows.ALWAYS.isOpen(NOON)).isTrue();
    assertThat(TimeWindows.ALWAYS.openFrom(NOON, windows("22:00-06:00 UTC"), YEAR))
        .hasValue(Instant.parse("2026-11-30T22:00:00Z"));
    assertThat(windows("22:00-06:00 UTC").openFrom(NOON, TimeWindows.ALWAYS, YEAR))
        .hasValue(Instant.parse("2026-11-30T22:00:00Z"));
  }

  @Test
  void findsWhenBothAreOpen() {
    var file = windows("22:00-06:00 UTC");

    assertThat(file.openFrom(NOON, windows("04:00-12:00 UTC"), YEAR))
        .hasValue(Instant.parse("2026-12-01T04:00:00Z"));
    assertThat(file.openFrom(NOON, windows("Sun 05:30-05:40 UTC"), YEAR))
        .hasValue(Instant.parse("2026-12-06T05:30:00Z"));
    assertThat(file.openFrom(NOON, windows("06:00-22:00 UTC"), YEAR)).isEmpty();
  }

  /** 06:30 in Berlin is 05:30 in winter, 04:30 in summer. */
  @Test
  void findsWhatMeetsInSummerOnly() {
    assertThat(
            windows("06:00-07:00 Europe/Berlin").openFrom(NOON, windows("04:10-04:20 UTC"), YEAR))
        .hasValue(Instant.parse("2027-03-28T04:10:00Z"));
  }

  @Test
  void findsTheFirstMomentAtWhichBothAreOpen() {
    var random = new Random(7);
    for (int i = 0; i < 30; i++) {
      var one = windows(text(random, "Europe/Berlin"), text(random, "UTC"));
      var other = windows(text(random, "America/New_York"));
      var from = NOON.plusSeconds(60L * random.nextInt(700_000));

      var found = one.openFrom(from, other, Duration.ofDays(2));

      var at = from;
      while (at.isBefore(from.plus(Duration.ofDays(2))) && !(one.isOpen(at) && other.isOpen(at))) {
        at = at.plusSeconds(60);
      }
      if (at.isBefore(from.plus(Duration.ofDays(2)))) {
        assertThat(found).as("%s and %s from %s", one, other, from).hasValue(at);
      }
    }
  }

  private static String text(Random random, String zone) {
    var begin = random.nextInt(24);
    return "%02d:00-%02d:30 %s".formatted(begin, (begin + random.nextInt(5)) % 24, zone);
  }

  @Test
  void putsTogetherWhatACommaHasCut() {
    assertThat(TimeWindows.parse(List.of("Sat", "Sun 00:00-24:00 UTC", "22:00-06:00 UTC")))
        .isEqualTo(windows("Sat,Sun 00:00-24:00 UTC", "22:00-06:00 UTC"));
    assertThatThrownBy(() -> TimeWindows.parse(List.of("22:00-06:00 UTC", "Sat", "Sun")))
        .hasMessageContaining("found 'Sat,Sun'");
  }

  private static TimeWindows windows(String... texts) {
    return TimeWindows.parse(List.of(texts));
  }
}
