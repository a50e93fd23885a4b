package io.undercurrent.shell.screen;

import io.undercurrent.state.HoldSentences;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Points in time on the operator's clock.
 *
 * @param zone where the operator's clock is, whatever this process's default is
 */
public record Times(ZoneId zone) {

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss z", Locale.ROOT);
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);
  private static final DateTimeFormatter ZONE = DateTimeFormatter.ofPattern("z", Locale.ROOT);

  public Times {
    // By itself it would be called Z.
    zone = zone.equals(ZoneOffset.UTC) ? ZoneId.of("UTC") : zone;
  }

  /** To the second, with the zone: {@code 2026-11-29 10:15:02 CET}. */
  public String local(@Nullable Instant instant) {
    return written(SECONDS, instant);
  }

  /** To the minute, for a column of a table, whose title names the zone. */
  public String brief(@Nullable Instant instant) {
    return written(MINUTES, instant);
  }

  /** The title of such a column: {@code STARTED (CET)}, or {@code (CET/CEST)} if it has both. */
  public String column(String title, Stream<@Nullable Instant> instants) {
    var zones =
        instants
            .filter(Objects::nonNull)
            .map(instant -> written(ZONE, instant))
            .distinct()
            .collect(Collectors.joining("/"));
    return zones.isEmpty() ? title : "%s (%s)".formatted(title, zones);
  }

  /** Holds in words, with times as this operator reads them. */
  public HoldSentences sentences() {
    return new HoldSentences(this::local);
  }

  private String written(DateTimeFormatter format, @Nullable Instant instant) {
    return instant == null ? Numbers.NONE : format.format(instant.atZone(zone));
  }
}
