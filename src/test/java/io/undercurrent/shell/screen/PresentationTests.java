package io.undercurrent.shell.screen;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.shell.language.Since;
import io.undercurrent.shell.view.ProgressText;
import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.status.DatabaseStatus.ProgressView;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PresentationTests {

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 ms",
    "PT0.0976S, 97 ms",
    "PT0.9999S, 999 ms",
    "PT1S, 1.0 s",
    "PT9.99S, 9.9 s",
    "PT10S, 10 s",
    "PT59.9S, 59 s",
    "PT1M, 1 m",
    "PT1M32S, 1 m 32 s",
    "PT59M59S, 59 m 59 s",
    "PT2H, 2 h",
    "PT2H5M59S, 2 h 5 m",
    "P3DT4H, 3 d 4 h"
  })
  void writesDurationsAsPeopleDo(Duration duration, String written) {
    assertThat(Durations.human(duration)).isEqualTo(written);
  }

  @Test
  void groupsDigits() {
    assertThat(Numbers.grouped(999)).isEqualTo("999");
    assertThat(Numbers.grouped(1_234_567)).isEqualTo("1,234,567");
    assertThat(Numbers.grouped((Integer) null)).isEqualTo("-");
    assertThat(Numbers.of(1, "update")).isEqualTo("1 update");
    assertThat(Numbers.of(2000, "update")).isEqualTo("2,000 updates");
  }

  @Test
  void keepsTheDigitsOfARateThatCount() {
    assertThat(Numbers.perMs(null)).isEqualTo("-");
    assertThat(Numbers.perMs(0.034)).isEqualTo("0.03/ms");
    assertThat(Numbers.perMs(12.44)).isEqualTo("12.4/ms");
    assertThat(Numbers.perMs(1234.0)).isEqualTo("1,234.0/ms");
  }

  @Test
  void saysHundredPercentOnlyAtTheEnd() {
    assertThat(Numbers.percent(99.99)).isEqualTo("99 %");
    assertThat(Numbers.percent(100)).isEqualTo("100 %");
  }

  @Test
  void showsTimesOnTheOperatorsClock() {
    var times = new Times(ZoneId.of("Europe/Berlin"));

    assertThat(times.local(Instant.parse("2026-11-21T23:30:00Z")))
        .isEqualTo("2026-11-22 00:30:00 CET");
    assertThat(times.local(Instant.parse("2026-07-21T23:30:00Z")))
        .isEqualTo("2026-07-22 01:30:00 CEST");
    assertThat(times.brief(Instant.parse("2026-11-21T23:30:00Z"))).isEqualTo("2026-11-22 00:30");
    assertThat(times.local(null)).isEqualTo("-");
    var pause =
        Hold.of(Kind.PAUSED, "fill")
            .who("anna")
            .since(Instant.parse("2026-11-21T23:30:00Z"))
            .until(Instant.parse("2026-11-22T00:30:00Z"));
    assertThat(times.sentences().of("master", pause))
        .isEqualTo(
            "paused by anna since 2026-11-22 00:30:00 CET until 2026-11-22 01:30:00 CET. Lift it with: resume fill");
  }

  @Test
  void namesTheZoneOfAColumnInItsTitle() {
    var times = new Times(ZoneId.of("Europe/Berlin"));
    var winter = Instant.parse("2026-11-21T23:30:00Z");
    var summer = Instant.parse("2026-07-21T23:30:00Z");

    assertThat(times.column("STARTED", Stream.of(winter, null, winter))).isEqualTo("STARTED (CET)");
    assertThat(times.column("STARTED", Stream.of(winter, summer))).isEqualTo("STARTED (CET/CEST)");
    assertThat(times.column("STARTED", Stream.of((Instant) null))).isEqualTo("STARTED");
    assertThat(new Times(ZoneOffset.UTC).local(winter)).isEqualTo("2026-11-21 23:30:00 UTC");
  }

  @Test
  void cutsTextThatIsTooWide() {
    var screen = new RecordedScreen().screen();

    assertThat(screen.cut("fill_titles", 11)).isEqualTo("fill_titles");
    assertThat(screen.cut("fill_titles", 10)).isEqualTo("fill_titl…");
    assertThat(screen.cut("本日は晴天なり", 6)).isEqualTo("本日…");
    assertThat(screen.cutInside("fill_hall_titles", 10)).isEqualTo("fill_…tles");
    assertThat(screen.cutInside("fill_titles", 11)).isEqualTo("fill_titles");
    assertThat(new RecordedScreen().ascii().screen().cut("fill_titles", 10))
        .isEqualTo("fill_ti...");
  }

  @Test
  void takesTheUsualWidthWhereNobodyKnows() {
    assertThat(new RecordedScreen().wide(0).screen().width()).isEqualTo(80);
    assertThat(new RecordedScreen().wide(132).screen().width()).isEqualTo(132);
  }

  @Test
  void writesJsonInSnakeCaseAndAscii() {
    record View(String updateName, Integer chunkSize) {}
    var recorded = new RecordedScreen();

    JsonOutput.print(recorded.screen(), new View("tïtles", null));

    assertThat(recorded.out())
        .isEqualToNormalizingNewlines(
            """
            {
              "update_name" : "t\\u00EFtles",
              "chunk_size" : null
            }
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "2h, 2026-11-21T06:00:00Z",
    "7d, 2026-11-14T08:00:00Z",
    "2026-11-20, 2026-11-19T23:00:00Z",
    "2026-11-20 14:30, 2026-11-20T13:30:00Z",
    "2026-11-20T14:30:15, 2026-11-20T13:30:15Z"
  })
  void understandsPointsInThePast(String text, Instant expected) {
    var now = Instant.parse("2026-11-21T08:00:00Z");

    assertThat(Since.of("--since", text, ZoneId.of("Europe/Berlin"), now)).isEqualTo(expected);
  }

  @Test
  void writesForecastsAsRanges() {
    var progress =
        new ProgressView(30, 40.5, Duration.ofSeconds(20), Duration.ofSeconds(754), "a test");

    assertThat(ProgressText.of(progress))
        .isEqualTo("30 % to 40 %, about 20 s to 12 m left: a test");
    assertThat(
            ProgressText.of(
                new ProgressView(
                    50,
                    50,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(20),
                    "a test",
                    Duration.ofSeconds(40),
                    Duration.ofSeconds(40))))
        .isEqualTo("50 %, about 20 s left, 40 s if held as so far: a test");
    assertThat(ProgressText.of(null)).isEqualTo("unknown");
  }
}
