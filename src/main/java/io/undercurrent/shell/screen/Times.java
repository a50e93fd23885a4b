package io.undercurrent.shell.screen;

import io.undercurrent.status.DatabaseStatus;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Points in time on the operator's clock.
 *
 * @param zone where the operator's clock is, whatever this process's default is
 */
public record Times(ZoneId zone) {

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
  private static final Pattern UTC = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

  public String local(@Nullable Instant instant) {
    return written(SECONDS, instant);
  }

  /** To the minute, for tables. */
  public String brief(@Nullable Instant instant) {
    return written(MINUTES, instant);
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
