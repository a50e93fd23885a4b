package io.undercurrent.window;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Time windows of which one has to be open.
 *
 * @param windows each of them; none for always
 */
public record TimeWindows(List<TimeWindow> windows) {

  /** No limit. */
  public static final TimeWindows ALWAYS = new TimeWindows(List.of());

  public TimeWindows {
    windows = List.copyOf(windows);
  }

  /**
   * Reads windows. A comma between days may have cut one in two, in a list of YAML or of a
   * property.
   *
   * @throws IllegalArgumentException if one is none; the message says what is expected
   */
  public static TimeWindows parse(Collection<String> texts) {
    var windows = new ArrayList<TimeWindow>();
    var days = "";
    for (var text : texts) {
      if (WindowText.isDays(text.strip())) {
        days += text.strip() + ",";
      } else {
        windows.add(TimeWindow.parse(days + text.strip()));
        days = "";
      }
    }
    if (!days.isEmpty()) {
      TimeWindow.parse(days.substring(0, days.length() - 1));
    }
    return new TimeWindows(windows);
  }

  /** Whether there is no limit. */
  public boolean isAlways() {
    return windows.isEmpty();
  }

  public boolean isOpen(Instant moment) {
    return openFrom(moment).equals(moment);
  }

  /** The first moment from a moment on at which one is open. */
  public Instant openFrom(Instant moment) {
    return windows.stream()
        .map(window -> window.openFrom(moment))
        .min(Comparator.naturalOrder())
        .orElse(moment);
  }

  /**
   * The first moment from a moment on at which both these and others are open; empty if there is
   * none for a while.
   *
   * @param atMost how long that while is
   */
  public Optional<Instant> openFrom(Instant moment, TimeWindows others, Duration atMost) {
    var open = moment;
    while (open.isBefore(moment.plus(atMost))) {
      var next = others.openFrom(openFrom(open));
      if (isOpen(next)) {
        return Optional.of(next);
      }
      open = next;
    }
    return Optional.empty();
  }

  /** As they were written: {@code 22:00-06:00 UTC or Sat,Sun 00:00-24:00 UTC}. */
  public String words() {
    return windows.stream().map(TimeWindow::text).collect(Collectors.joining(" or "));
  }
}
