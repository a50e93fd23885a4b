package io.undercurrent.chart;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Stream;

/** An axis of times, with labels at round times of the operator's clock. */
final class TimeAxis {

  private static final List<Duration> STEPS =
      Stream.of(1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200)
          .map(Duration::ofSeconds)
          .toList();

  private static final long DAY = Duration.ofDays(1).toSeconds();

  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("MM-dd", Locale.ROOT);
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

  private final Instant from;
  private final Instant to;
  private final ZoneId zone;

  TimeAxis(Timeline timeline, ZoneId zone) {
    this.from = timeline.from();
    this.to = timeline.to();
    this.zone = zone;
  }

  /** Where a time has its place: from 0 to 1. */
  double fraction(Instant time) {
    return (double) Duration.between(from, time).toMillis()
        / Math.max(1, Duration.between(from, to).toMillis());
  }

  /** At most so many labels, in the order of time. */
  List<Tick> ticks(int most) {
    var length = Duration.between(from, to);
    return STEPS.stream()
        .filter(step -> length.dividedBy(step) < most)
        .findFirst()
        .map(this::times)
        .orElseGet(() -> days(Math.max(1, (length.toDays() + most) / most)));
  }

  /** The local times at which a step of less than a day comes round; midnight is a date. */
  private List<Tick> times(Duration step) {
    var ticks = new TreeMap<Instant, Tick>();
    var format = step.toSeconds() < 60 ? SECONDS : MINUTES;
    var firstDay = from.atZone(zone).toLocalDate();
    var lastDay = to.atZone(zone).toLocalDate();
    for (var day = firstDay; !day.isAfter(lastDay); day = day.plusDays(1)) {
      for (var second = 0L; second < DAY; second += step.toSeconds()) {
        var time = day.atTime(LocalTime.ofSecondOfDay(second)).atZone(zone);
        var label = second == 0 ? DATE.format(time) : format.format(time);
        add(time.toInstant(), label, ticks);
      }
    }
    return List.copyOf(ticks.values());
  }

  private List<Tick> days(long step) {
    var ticks = new TreeMap<Instant, Tick>();
    var lastDay = to.atZone(zone).toLocalDate();
    var day = from.atZone(zone).toLocalDate();
    while (Math.floorMod(day.toEpochDay(), step) != 0) {
      day = day.plusDays(1);
    }
    for (LocalDate each = day; !each.isAfter(lastDay); each = each.plusDays(step)) {
      add(each.atStartOfDay(zone).toInstant(), DATE.format(each), ticks);
    }
    return new ArrayList<>(ticks.values());
  }

  private void add(Instant time, String label, TreeMap<Instant, Tick> ticks) {
    if (!time.isBefore(from) && !time.isAfter(to)) {
      ticks.putIfAbsent(time, new Tick(fraction(time), label));
    }
  }

  /**
   * A time on the axis.
   *
   * @param place from 0 to 1
   */
  record Tick(double place, String label) {}
}
