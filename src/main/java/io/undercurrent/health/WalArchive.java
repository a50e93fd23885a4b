package io.undercurrent.health;

import io.undercurrent.health.Reading.Nothing;
import io.undercurrent.health.Reading.Unknown;
import io.undercurrent.health.Reading.Value;
import io.undercurrent.state.Measure.Unit;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How many segments of the log wait to be archived. Where the role may not count them, they are
 * those from the last archived one to the one that is written.
 */
final class WalArchive implements Signal {

  static final String NAME = "wal-archive";

  /** 1 GB in segments of the usual size. */
  static final Limits OWN = new Limits(64.0, null, Duration.ZERO, true, Unit.COUNT);

  /** Timeline, log, segment; what follows is a backup's mark. */
  private static final Pattern SEGMENT = Pattern.compile("[0-9A-F]{8}([0-9A-F]{8})([0-9A-F]{8})");

  private static final String QUERY =
      """
      SELECT current_setting('archive_mode') AS mode, pg_is_in_recovery() AS in_recovery,
             has_function_privilege('pg_ls_archive_statusdir()', 'EXECUTE') AS may_count,
             last_archived_wal AS archived, last_failed_wal AS failed,
             CAST(extract(epoch FROM clock_timestamp() - last_failed_time) AS double precision)
               AS failed_ago,
             current_setting('archive_command') = ''
               AND coalesce(current_setting('archive_library', true), '') = '' AS idle,
             last_failed_time > coalesce(last_archived_time, '-infinity') IS TRUE AS fails,
             pg_size_bytes(current_setting('wal_segment_size')) AS segment_bytes
        FROM pg_stat_archiver""";

  private static final String COUNT =
      "SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'";

  private final Limits limits;
  private @Nullable Long first;

  WalArchive(Limits limits) {
    this.limits = limits;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Limits limits() {
    return limits;
  }

  /** It reads a directory. */
  @Override
  public Duration every() {
    return SELDOM;
  }

  @Override
  public Reading look(Look look) {
    var archiver = look.jdbc().sql(QUERY).query(Archiver.class).single();
    if (archiver.mode.equals("off")) {
      return new Nothing("archive_mode is off");
    }
    if (archiver.inRecovery) {
      return new Unknown(Replication.IN_RECOVERY);
    }
    var waiting =
        archiver.mayCount
            ? look.jdbc().sql(COUNT).query(Long.class).single()
            : distance(look.jdbc(), archiver);
    return new Value(waiting, null, waiting == 0 ? null : archiver.trouble());
  }

  /** Where the server does not say what it has archived, nothing is since the first look. */
  private long distance(JdbcClient jdbc, Archiver archiver) {
    var current =
        jdbc.sql("SELECT CAST(div(pg_current_wal_lsn() - '0/0', :bytes) AS bigint)")
            .param("bytes", archiver.segmentBytes)
            .query(Long.class)
            .single();
    var from = first == null ? current : first;
    first = from;
    var archived = archiver.archivedSegment();
    return Math.max(0, current - (archived == null ? from : archived + 1));
  }

  /** A row. */
  private record Archiver(
      String mode,
      boolean inRecovery,
      boolean mayCount,
      @Nullable String archived,
      @Nullable String failed,
      @Nullable Double failedAgo,
      boolean idle,
      boolean fails,
      long segmentBytes) {

    /** What keeps them waiting, as far as the server says. */
    @Nullable String trouble() {
      if (idle) {
        return "archive_command is empty: the server archives nothing";
      }
      return fails
          ? "the server could not archive %s, last tried %.0f s ago".formatted(failed, failedAgo)
          : null;
    }

    /** The number of the segment that was archived last; null if it was a history file, or none. */
    @Nullable Long archivedSegment() {
      var name = archived == null ? null : SEGMENT.matcher(archived);
      return name == null || !name.lookingAt()
          ? null
          : Long.parseLong(name.group(1), 16) * ((1L << 32) / segmentBytes)
              + Long.parseLong(name.group(2), 16);
    }
  }
}
