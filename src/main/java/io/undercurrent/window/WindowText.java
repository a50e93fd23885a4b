package io.undercurrent.window;

import static java.time.ZoneOffset.UTC;

import io.undercurrent.database.DidYouMean;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A time window as people write it. */
record WindowText(String text) {

  static final String EXPECTED =
      "expected a time window such as 22:00-06:00 Europe/Berlin or Mon-Fri 22:00-06:00 UTC";

  private static final Pattern SHAPE =
      Pattern.compile(
          "(?:(?<days>\\p{Alpha}[\\p{Alpha},\\- ]*?) +)?"
              + "(?<begin>\\d\\d:\\d\\d) *- *(?<end>\\d\\d:\\d\\d)(?: +(?<zone>\\S+))?");

  private static final Pattern DAYS = Pattern.compile("(?<first>\\w+)(?: *- *(?<last>\\w+))?");
  private static final int MINUTES_OF_A_DAY = 24 * 60;

  /** Whether it is the beginning of a window that was cut at a comma between its days. */
  static boolean isDays(String text) {
    return text.matches("\\p{Alpha}+( *- *\\p{Alpha}+)?");
  }

  TimeWindow window() {
    var parts = SHAPE.matcher(text.strip());
    if (!parts.matches()) {
      throw refused(EXPECTED);
    }
    var begin = minutes(parts.group("begin"));
    var end = minutes(parts.group("end"));
    if (begin == MINUTES_OF_A_DAY) {
      throw refused("expected a time window that begins at 23:59 at the latest");
    }
    if (begin == end) {
      throw refused(
          "expected a time window that ends at another time than it begins, such as 00:00-24:00 for all day");
    }
    return new TimeWindow(
        days(parts),
        begin,
        end > begin ? end : end + MINUTES_OF_A_DAY,
        zone(parts.group("zone")),
        text.strip());
  }

  private int minutes(String time) {
    var hours = Integer.parseInt(time.substring(0, 2));
    var minutes = Integer.parseInt(time.substring(3));
    if (minutes > 59 || hours * 60 + minutes > MINUTES_OF_A_DAY) {
      throw refused("expected times from 00:00 to 24:00");
    }
    return hours * 60 + minutes;
  }

  /** Required: a window by another clock than was meant would be noticed at night. */
  private ZoneId zone(@Nullable String name) {
    if (name == null) {
      throw refused("expected a time zone at its end, such as UTC or Europe/Berlin");
    }
    if (name.equals("UTC")) {
      return UTC;
    }
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "unknown time zone '%s' in '%s'%s"
              .formatted(name, text, DidYouMean.hint(name, ZoneId.getAvailableZoneIds())));
    }
  }

  private Set<DayOfWeek> days(Matcher parts) {
    if (parts.group("days") == null) {
      return EnumSet.allOf(DayOfWeek.class);
    }
    var days = EnumSet.noneOf(DayOfWeek.class);
    for (var part : List.of(parts.group("days").split(",", -1))) {
      var span = DAYS.matcher(part.strip());
      if (!span.matches()) {
        throw refused("expected days such as Mon-Fri or Sat,Sun");
      }
      var last = span.group("last") == null ? span.group("first") : span.group("last");
      addAll(days, day(span.group("first")), day(last));
    }
    return days;
  }

  private static void addAll(Set<DayOfWeek> days, DayOfWeek first, DayOfWeek last) {
    for (var day = first; ; day = day.plus(1)) {
      days.add(day);
      if (day == last) {
        return;
      }
    }
  }

  private DayOfWeek day(String word) {
    return Arrays.stream(DayOfWeek.values())
        .filter(day -> shortName(day).equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(
            () ->
                refused(
                    "expected Mon, Tue, Wed, Thu, Fri, Sat or Sun in place of '%s'"
                        .formatted(word)));
  }

  private static String shortName(DayOfWeek day) {
    return day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
  }

  private IllegalArgumentException refused(String why) {
    return new IllegalArgumentException("%s, found '%s'".formatted(why, text));
  }
}
