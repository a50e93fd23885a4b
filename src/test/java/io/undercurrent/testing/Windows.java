package io.undercurrent.testing;

import io.undercurrent.window.TimeWindows;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;

/** Time windows by the present: the database's clock cannot be stepped. */
public final class Windows {

  private Windows() {}

  /** One that opens in some hours, for an hour. */
  public static TimeWindows closed() {
    return TimeWindows.parse(List.of(closedText()));
  }

  /** The same as a job file has it. */
  public static String closedText() {
    var hour = LocalTime.now(ZoneOffset.UTC).getHour();
    return "%02d:00-%02d:00 UTC".formatted((hour + 4) % 24, (hour + 5) % 24);
  }

  /** One that is always open. */
  public static TimeWindows open() {
    return TimeWindows.parse(List.of("00:00-24:00 UTC"));
  }
}
