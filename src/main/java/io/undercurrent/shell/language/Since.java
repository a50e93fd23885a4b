package io.undercurrent.shell.language;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.springframework.boot.convert.DurationStyle;

/** A point in the past as operators name it: {@code 2h}, {@code 7d}, {@code 2026-11-21 08:00}. */
public final class Since {

  private Since() {}

  /**
   * Understands a duration before now, a date, or a date with a time.
   *
   * @param option the option that says so, for a message
   * @param zone where the operator's clock is
   * @throws UsageException if it is none of them
   */
  public static Instant of(String option, String text, ZoneId zone, Instant now) {
    try {
      if (text.matches("\\d+[a-zA-Z]+")) {
        return now.minus(DurationStyle.SIMPLE.parse(text));
      }
      return text.matches("[0-9-]+")
          ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
          : LocalDateTime.parse(text.replace(' ', 'T')).atZone(zone).toInstant();
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new UsageException(
          "%s: expected a duration like 2h or 7d, a date like 2026-11-21 or \"2026-11-21 08:00\", got '%s'"
              .formatted(option, text));
    }
  }
}
