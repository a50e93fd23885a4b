package io.undercurrent.shell.screen;

import io.undercurrent.status.DatabaseStatus;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
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
  private static final Pattern UTC =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z");

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

  /** A sentence of the engine's, which knows no operator and writes times in UTC. */
  public String localized(String sentence) {
    return UTC.matcher(sentence).replaceAll(time -> local(Instant.parse(time.group())));
  }

  /** A status whose reason is such a sentence. */
  public DatabaseStatus localized(DatabaseStatus status) {
    return new DatabaseStatus(
        status.database(),
        status.problem(),
        status.enabled(),
        status.runner(),
        status.current(),
        status.queued(),
        status.reason() == null ? null : localized(status.reason()));
  }

  private String written(DateTimeFormatter format, @Nullable Instant instant) {
    return instant == null ? Numbers.NONE : format.format(instant.atZone(zone));
  }
}
