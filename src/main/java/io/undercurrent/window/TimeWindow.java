package io.undercurrent.window;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A span of time that comes again every day, or on some days of the week, by the clocks of a zone.
 * Where clocks are put back, what they show twice means the first time; where they are put forward,
 * what they never show means the moment at which they are.
 *
 * @param days on which it begins
 * @param begin in minutes after the beginning of the day
 * @param end in minutes after the beginning of the same day; more than a day has if that is on the
 *     next one
 * @param zone whose clocks count
 * @param text as it was written
 */
public record TimeWindow(Set<DayOfWeek> days, int begin, int end, ZoneId zone, String text) {

  /** A window on one day of the week is not there if clocks are put forward past all of it. */
  private static final int LONGEST_PAUSE = 15;

  public TimeWindow {
    days = Set.copyOf(days);
  }

  /**
   * Reads {@code Mon-Fri 22:00-06:00 Europe/Berlin}.
   *
   * @throws IllegalArgumentException if it is none; the message says what is expected
   */
  public static TimeWindow parse(String text) {
    return new WindowText(text).window();
  }

  /** The first moment from a moment on that is within it; that moment itself if it is. */
  Instant openFrom(Instant moment) {
    var today = LocalDate.ofInstant(moment, zone);
    return IntStream.rangeClosed(-2, LONGEST_PAUSE)
        .mapToObj(today::plusDays)
        .filter(day -> days.contains(day.getDayOfWeek()))
        .flatMap(day -> on(day).stream())
        .filter(span -> span.end.isAfter(moment))
        .findFirst()
        .map(span -> span.begin.isAfter(moment) ? span.begin : moment)
        .orElseThrow(() -> new IllegalStateException("'%s' never opens".formatted(text)));
  }

  private Optional<Span> on(LocalDate day) {
    var span = new Span(instant(day, begin), instant(day, end));
    return span.begin.isBefore(span.end) ? Optional.of(span) : Optional.empty();
  }

  private Instant instant(LocalDate day, int minutes) {
    LocalDateTime shown = day.atStartOfDay().plusMinutes(minutes);
    var change = zone.getRules().getTransition(shown);
    return change != null && change.isGap()
        ? change.getInstant()
        : ZonedDateTime.ofLocal(shown, zone, null).toInstant();
  }

  private record Span(Instant begin, Instant end) {}
}
