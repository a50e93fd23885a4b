package io.undercurrent.doctor;

import java.time.Duration;

/** How long something lasts, in the largest unit that tells enough. */
final class Age {

  private Age() {}

  /** An SQL expression: the whole seconds since a time. */
  static String seconds(String column) {
    return "CAST(extract(epoch FROM clock_timestamp() - %s) AS bigint)".formatted(column);
  }

  /** In words: {@code 40 s}, {@code 12 min}, {@code 5 h}, {@code 9 days}. */
  static String words(long seconds) {
    var age = Duration.ofSeconds(Math.max(0, seconds));
    if (age.toDays() > 1) {
      return age.toDays() + " days";
    }
    if (age.toHours() > 1) {
      return age.toHours() + " h";
    }
    return age.toMinutes() > 1 ? age.toMinutes() + " min" : age.toSeconds() + " s";
  }
}
