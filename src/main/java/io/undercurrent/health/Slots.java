package io.undercurrent.health;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import io.undercurrent.health.Reading.Nothing;
import io.undercurrent.health.Reading.Unknown;
import io.undercurrent.health.Reading.Value;
import io.undercurrent.state.Measure.Unit;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How much of the log the replication slot keeps that keeps the most. One that nobody has used for
 * an hour does not count, nor one that is lost: neither gets better by waiting.
 */
final class Slots implements Signal {

  static final String NAME = "slots";

  /** Ten times what a server keeps of its log between checkpoints, unless it is configured. */
  static final Limits OWN = new Limits((double) (10L << 30), null, Duration.ZERO, true, Unit.BYTES);

  static final Duration UNUSED_AFTER = Duration.ofHours(1);

  /** Of what the server keeps for a slot before it gives it up. */
  private static final double MUCH = 0.8;

  /** When a slot has become inactive, the server says from version 17 on. */
  private static final String QUERY =
      """
      SELECT in_recovery, slot_name AS name, active, wal_status,
             CASE WHEN NOT in_recovery THEN pg_current_wal_lsn() - restart_lsn END AS kept,
             CAST(extract(epoch FROM clock_timestamp()
                                     - CAST(to_jsonb(slot) ->> 'inactive_since' AS timestamptz))
                  AS double precision) AS inactive_for,
             pg_size_bytes(current_setting('max_slot_wal_keep_size')) AS most,
             pg_size_bytes(current_setting('wal_keep_size')) AS least
        FROM (SELECT pg_is_in_recovery() AS in_recovery) AS server
       CROSS JOIN pg_replication_slots AS slot
       ORDER BY slot_name""";

  private final Limits limits;
  private final TimeSource time;
  private final Map<String, Long> usedAt = new HashMap<>();
  private boolean looked;

  Slots(Limits limits, TimeSource time) {
    this.limits = limits;
    this.time = time;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Limits limits() {
    return limits;
  }

  @Override
  public Reading look(Look look) {
    var slots = read(look.jdbc());
    remember(slots);
    if (slots.isEmpty()) {
      return new Nothing("there is no replication slot");
    }
    if (slots.get(0).inRecovery) {
      return new Unknown(Replication.IN_RECOVERY);
    }
    var counted = slots.stream().filter(this::counts).toList();
    var others =
        slots.stream()
            .filter(slot -> slot.isLost() || !isUsed(slot))
            .map(slot -> "%s '%s'".formatted(slot.isLost() ? "lost" : "unused", slot.name))
            .collect(joining(", "));
    return counted.stream()
        .max(Comparator.comparingDouble(Slot::keptBytes))
        .<Reading>map(worst -> value(worst, others))
        .orElseGet(() -> new Nothing(others.isEmpty() ? "no slot keeps any log" : others));
  }

  private static List<Slot> read(JdbcClient jdbc) {
    return jdbc.sql(QUERY).query(Slot.class).list();
  }

  /** One that the watch has not seen before may have been made since, and is about to be used. */
  private void remember(List<Slot> slots) {
    for (var slot : slots) {
      if (slot.active || looked && !usedAt.containsKey(slot.name)) {
        usedAt.put(slot.name, time.nanos());
      }
    }
    usedAt.keySet().retainAll(slots.stream().map(Slot::name).collect(toSet()));
    looked = true;
  }

  private boolean counts(Slot slot) {
    return slot.kept != null && !slot.isLost() && isUsed(slot);
  }

  private boolean isUsed(Slot slot) {
    if (slot.active) {
      return true;
    }
    if (slot.inactiveFor != null) {
      return slot.inactiveFor < UNUSED_AFTER.toSeconds();
    }
    var used = usedAt.get(slot.name);
    return used != null && time.since(used).compareTo(UNUSED_AFTER) < 0;
  }

  private Value value(Slot worst, String others) {
    var hold = limits.hold();
    var most = MUCH * Math.max(worst.most, worst.least);
    var lower = hold != null && worst.most > 0 && most < hold;
    var detail =
        Stream.of(
                worst.active
                    ? ""
                    : "nobody reads from it at the moment; if nobody is to, SELECT pg_drop_replication_slot('%s')"
                        .formatted(worst.name),
                lower ? "the server gives a slot up at max_slot_wal_keep_size" : "",
                others.isEmpty() ? "" : "not counted: " + others)
            .filter(clause -> !clause.isEmpty())
            .collect(joining("; "));
    return new Value(
        worst.keptBytes(), worst.name, detail.isEmpty() ? null : detail, lower ? most : null);
  }

  /** A row. */
  private record Slot(
      boolean inRecovery,
      String name,
      boolean active,
      @Nullable String walStatus,
      @Nullable Long kept,
      @Nullable Double inactiveFor,
      long most,
      long least) {

    /** Whether the log is gone that it was to keep. */
    boolean isLost() {
      return "lost".equals(walStatus);
    }

    double keptBytes() {
      return kept == null ? 0 : kept;
    }
  }
}
