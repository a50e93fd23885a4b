package io.undercurrent.shell;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Points in time on the operator's clock.
 *
 * @param zone where the operator's clock is, whatever this process's default is
 */
record Times(ZoneId zone) {

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

  String local(@Nullable Instant instant) {
    return instant == null ? Numbers.NONE : FORMAT.format(instant.atZone(zone));
  }
}
