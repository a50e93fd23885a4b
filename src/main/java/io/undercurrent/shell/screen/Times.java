package io.undercurrent.shell.screen;

import io.undercurrent.state.HoldSentences;
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
public record Times(ZoneId zone) {

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

  public String local(@Nullable Instant instant) {
    return written(SECONDS, instant);
  }

  /** To the minute, for tables. */
  public String brief(@Nullable Instant instant) {
    return written(MINUTES, instant);
  }

  /** Holds in words, with times as this operator reads them. */
  public HoldSentences sentences() {
    return new HoldSentences(this::local);
  }

  private String written(DateTimeFormatter format, @Nullable Instant instant) {
    return instant == null ? Numbers.NONE : format.format(instant.atZone(zone));
  }
}
