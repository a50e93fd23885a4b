package io.undercurrent.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeWindowTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // over midnight, and back into the day before
        "22:00-06:00 Europe/Berlin     | 2026-11-29T20:59:59Z | 2026-11-29T21:00:00Z",
        "22:00-06:00 Europe/Berlin     | 2026-11-29T21:00:00Z | 2026-11-29T21:00:00Z",
        "22:00-06:00 Europe/Berlin     | 2026-11-30T04:59:59Z | 2026-11-30T04:59:59Z",
        "22:00-06:00 Europe/Berlin     | 2026-11-30T05:00:00Z | 2026-11-30T21:00:00Z",
        // days are those on which it begins: 2026-11-28 is a Saturday
        "Fri 22:00-06:00 UTC           | 2026-11-28T05:00:00Z | 2026-11-28T05:00:00Z",
        "Fri 22:00-06:00 UTC           | 2026-11-28T23:00:00Z | 2026-12-04T22:00:00Z",
        "Sat,Sun 00:00-24:00 UTC       | 2026-11-27T12:00:00Z | 2026-11-28T00:00:00Z",
        "Sat,Sun 00:00-24:00 UTC       | 2026-11-29T23:59:59Z | 2026-11-29T23:59:59Z",
        "Sat,Sun 00:00-24:00 UTC       | 2026-11-30T00:00:00Z | 2026-12-05T00:00:00Z",
        "Sat-Mon 12:00-13:00 UTC       | 2026-11-30T13:00:00Z | 2026-12-05T12:00:00Z",
        "sat - sun, Wed 01:00-02:00 Z  | 2026-11-30T00:00:00Z | 2026-12-02T01:00:00Z",
        "22:00-00:00 +02:00            | 2026-11-29T22:00:00Z | 2026-11-30T20:00:00Z",
        // clocks are put forward on 2026-03-29 at 01:00 UTC, from 02:00 to 03:00
        "02:30-06:00 Europe/Berlin     | 2026-03-29T00:00:00Z | 2026-03-29T01:00:00Z",
        "22:00-02:30 Europe/Berlin     | 2026-03-29T01:00:00Z | 2026-03-29T20:00:00Z",
        "02:10-02:50 Europe/Berlin     | 2026-03-28T12:00:00Z | 2026-03-30T00:10:00Z",
        "Sun 02:10-02:50 Europe/Berlin | 2026-03-28T12:00:00Z | 2026-04-05T00:10:00Z",
        // and back on 2026-10-25 at 01:00 UTC, from 03:00 to 02:00
        "02:30-06:00 Europe/Berlin     | 2026-10-25T00:00:00Z | 2026-10-25T00:30:00Z",
        "02:30-06:00 Europe/Berlin     | 2026-10-25T01:10:00Z | 2026-10-25T01:10:00Z",
        "22:00-02:30 Europe/Berlin     | 2026-10-25T00:30:00Z | 2026-10-25T21:00:00Z",
        // by half an hour, on 2026-10-04 at 15:30 UTC the day before
        "02:00-02:10 Australia/Lord_Howe | 2026-10-03T12:00:00Z | 2026-10-04T15:00:00Z",
        // a day that there was not
        "08:00-09:00 Pacific/Apia      | 2011-12-30T09:00:00Z | 2011-12-30T18:00:00Z"
      })
  void opens(String window, Instant moment, Instant opening) {
    assertThat(TimeWindow.parse(window).openFrom(moment)).isEqualTo(opening);
  }

  /** Minute by minute, the clock on the wall is held against the answer. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "22:00-06:00 Europe/Berlin",
        "Mon-Fri 01:15-01:45 America/New_York",
        "Sat,Sun 00:00-24:00 Australia/Lord_Howe",
        "23:30-23:15 America/Sao_Paulo",
        "Wed 12:00-12:07 Asia/Kathmandu",
        "Fri 22:00-02:30 Africa/Casablanca",
        "03:00-04:00 UTC"
      })
  void agreesWithTheClockOnTheWall(String text) {
    var window = TimeWindow.parse(text);
    var random = new Random(text.hashCode());
    for (int i = 0; i < 100; i++) {
      var moment =
          Instant.parse("2016-01-01T00:00:00Z").plusSeconds(60L * random.nextInt(7_000_000));
      var opening = window.openFrom(moment);

      assertThat(opening).as("%s from %s", text, moment).isAfterOrEqualTo(moment);
      assertThat(window.openFrom(opening)).isEqualTo(opening);
      if (isSteady(window.zone(), moment, opening)) {
        Predicate<Instant> shown = at -> isShown(window, at);
        assertThat(opening).as("%s from %s", text, moment).matches(shown);
        if (!opening.equals(moment)) {
          assertThat(opening.minusSeconds(1)).matches(shown.negate());
          assertThat(moment).matches(shown.negate());
          assertThat(moment.plus(Duration.between(moment, opening).dividedBy(2)))
              .matches(shown.negate());
        }
      }
    }
  }

  /** Whether no clock is changed about that time. */
  private static boolean isSteady(ZoneId zone, Instant from, Instant to) {
    var rules = zone.getRules();
    var change = rules.nextTransition(from.minus(Duration.ofDays(2)));
    return change == null || change.getInstant().isAfter(to.plus(Duration.ofDays(2)));
  }

  private static boolean isShown(TimeWindow window, Instant moment) {
    LocalDateTime shown = ZonedDateTime.ofInstant(moment, window.zone()).toLocalDateTime();
    var seconds = shown.toLocalTime().toSecondOfDay();
    var today = window.days().contains(shown.getDayOfWeek());
    var yesterday = window.days().contains(shown.getDayOfWeek().minus(1));
    return today && seconds >= window.begin() * 60 && seconds < window.end() * 60
        || yesterday && seconds + 86_400 < window.end() * 60;
  }

  /**
   * Where clocks are changed it begins and ends once, and never lasts longer than the clock says.
   */
  @Test
  void beginsAndEndsOnceADayAtEveryChangeOfClocks() {
    for (var zone : List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")) {
      var rules = ZoneId.of(zone).getRules();
      var change = rules.nextTransition(Instant.parse("2016-01-01T00:00:00Z"));
      while (change != null
          && change.getInstant().isBefore(Instant.parse("2026-01-01T00:00:00Z"))) {
        var window = TimeWindow.parse("00:30-03:30 " + zone);
        var from = change.getInstant().minus(Duration.ofHours(12));
        var minutes = 0;
        var openings = 0;
        var before = false;
        for (int i = 0; i < 24 * 60; i++) {
          var at = from.plus(Duration.ofMinutes(i));
          var open = window.openFrom(at).equals(at);
          minutes += open ? 1 : 0;
          openings += open && !before ? 1 : 0;
          before = open;
        }
        assertThat(openings).as("%s", change).isEqualTo(1);
        assertThat(minutes)
            .as("%s", change)
            .isEqualTo(180 - (int) change.getDuration().toMinutes());
        change = rules.nextTransition(change.getInstant());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nightly             | expected a time window such as 22:00-06:00 Europe/Berlin or Mon-Fri 22:00-06:00 UTC, found 'nightly'",
        "22:00 UTC           | expected a time window such as 22:00-06:00 Europe/Berlin or Mon-Fri 22:00-06:00 UTC, found '22:00 UTC'",
        "9:00-10:00 UTC      | expected a time window such as 22:00-06:00 Europe/Berlin or Mon-Fri 22:00-06:00 UTC, found '9:00-10:00 UTC'",
        "22:00-06:00         | expected a time zone at its end, such as UTC or Europe/Berlin, found '22:00-06:00'",
        "22:00-06:00 Europe/Berln | unknown time zone 'Europe/Berln' in '22:00-06:00 Europe/Berln', did you mean 'Europe/Berlin'?",
        "08:00-08:00 UTC     | expected a time window that ends at another time than it begins, such as 00:00-24:00 for all day, found '08:00-08:00 UTC'",
        "24:00-06:00 UTC     | expected a time window that begins at 23:59 at the latest, found '24:00-06:00 UTC'",
        "22:60-06:00 UTC     | expected times from 00:00 to 24:00, found '22:60-06:00 UTC'",
        "22:00-24:01 UTC     | expected times from 00:00 to 24:00, found '22:00-24:01 UTC'",
        "Mo-Fri 22:00-06:00 UTC | expected Mon, Tue, Wed, Thu, Fri, Sat or Sun in place of 'Mo', found 'Mo-Fri 22:00-06:00 UTC'",
        "Mon,,Fri 22:00-06:00 UTC | expected days such as Mon-Fri or Sat,Sun, found 'Mon,,Fri 22:00-06:00 UTC'"
      })
  void refusesWhatIsNone(String text, String problem) {
    assertThatThrownBy(() -> TimeWindow.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(problem);
  }
}
