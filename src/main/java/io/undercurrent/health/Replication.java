package io.undercurrent.health;

import static java.util.stream.Collectors.groupingBy;

import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A server's standbys, and how far each is behind: what the server says of them, and for how long
 * its log has been past what they have replayed. The server alone does not do: it shows no lag of
 * one that has stopped to answer, and forgets one that has left.
 */
final class Replication {

  static final String IN_RECOVERY = "the server is a standby itself; its primary has to be asked";

  /** For how long one that has left is waited for. */
  static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);

  private static final int MOST_POSITIONS = 10_000;

  /**
   * A receiver that keeps a copy of the log, and a base backup, have replayed nothing. The position
   * is asked for only where there is something to compare it with: some services refuse it.
   */
  private static final String QUERY =
      """
      SELECT in_recovery, application_name AS name, host(client_addr) AS address, state,
             slot_type IS NOT DISTINCT FROM 'logical' AS logical,
             CASE WHEN NOT in_recovery AND (receiver.pid IS NOT NULL OR :remembered)
                  THEN pg_current_wal_lsn() - '0/0' END AS position,
             replay_lsn - '0/0' AS replayed, flush_lsn - '0/0' AS received,
             CAST(extract(epoch FROM replay_lag) AS double precision) AS lag,
             quote_ident(current_user) AS role
        FROM (SELECT pg_is_in_recovery() AS in_recovery) AS server
        LEFT JOIN pg_stat_replication AS receiver ON state IS DISTINCT FROM 'backup'
        LEFT JOIN pg_replication_slots AS slot ON slot.active_pid = receiver.pid""";

  private final Set<String> ignored;
  private final TimeSource time;

  /** Positions that were new at a look, and when that was. */
  private final NavigableMap<Long, Long> reached = new TreeMap<>();

  private final Map<String, Seen> seen = new HashMap<>();
  private @Nullable Look lastLook;
  private View view = View.NONE;
  private long viewedAt;

  /**
   * Those of a server, of which nothing was seen.
   *
   * @param ignored names of standbys that may be as late as they like
   */
  Replication(List<String> ignored, TimeSource time) {
    this.ignored = Set.copyOf(ignored);
    this.time = time;
  }

  /** Looks, unless another signal has done so in the same round of looks. */
  View look(Look look) {
    if (look != lastLook) {
      var receivers =
          look.jdbc().sql(QUERY).param("remembered", !seen.isEmpty()).query(Receiver.class).list();
      viewedAt = time.nanos();
      view = view(receivers);
      lastLook = look;
    }
    return view;
  }

  private View view(List<Receiver> receivers) {
    var server = receivers.get(0);
    var connected = receivers.stream().map(Receiver::name).filter(Objects::nonNull).toList();
    if (server.inRecovery) {
      return new View(true, IN_RECOVERY, connected, List.of());
    }
    var counted = receivers.stream().filter(this::counts).toList();
    var hidden = counted.stream().filter(Receiver::isHidden).findFirst();
    if (hidden.isPresent()) {
      var words =
          "how far '%s' is may not be seen; let the role see it with: GRANT pg_monitor TO %s"
              .formatted(hidden.get().name, server.role);
      return new View(false, words, connected, List.of());
    }
    var standbys =
        server.position == null ? List.<Standby>of() : standbys(server.position, counted);
    return new View(false, null, connected, standbys);
  }

  private boolean counts(Receiver receiver) {
    return receiver.name != null && !receiver.logical && !ignored.contains(receiver.name);
  }

  private List<Standby> standbys(long position, List<Receiver> counted) {
    reach(position);
    var byName =
        counted.stream()
            .filter(receiver -> receiver.replayed != null)
            .collect(groupingBy(receiver -> receiver.name + ""));
    var standbys = new ArrayList<Standby>();
    byName.forEach(
        (name, same) -> {
          same.forEach(one -> standbys.add(connected(one, same.size() > 1, position)));
          var least = same.stream().mapToLong(Receiver::replayedLsn).min().orElseThrow();
          seen.put(name, new Seen(least, viewedAt));
        });
    seen.values().removeIf(gone -> time.since(gone.at).compareTo(FORGOTTEN_AFTER) >= 0);
    seen.forEach(
        (name, last) -> {
          if (!byName.containsKey(name)) {
            standbys.add(gone(name, last, position));
          }
        });
    seen.values().stream()
        .mapToLong(Seen::replayed)
        .min()
        .ifPresent(least -> reached.headMap(least, true).clear());
    return standbys;
  }

  /** Remembers when the log had got this far; a server that is not so far is another one. */
  private void reach(long position) {
    if (!reached.isEmpty() && position < reached.lastKey()) {
      reached.clear();
      seen.clear();
    }
    reached.putIfAbsent(position, viewedAt);
    if (reached.size() > MOST_POSITIONS) {
      reached.pollFirstEntry();
    }
  }

  private Standby connected(Receiver one, boolean shared, long position) {
    var bytes = Math.max(0, position - one.replayedLsn());
    var seconds =
        bytes == 0 ? 0 : Math.max(waiting(one.replayedLsn()), one.lag == null ? 0 : one.lag);
    var received = one.received == null ? 0 : one.received - one.replayedLsn();
    return new Standby(
        shared && one.address != null ? one.name + " at " + one.address : one.name + "",
        bytes,
        seconds,
        seconds >= 1 && received > bytes / 2
            ? "it has received the log but not replayed it: delayed, paused, or held up by a query; one that is late on purpose belongs to undercurrent.health.standbys.ignored"
            : null);
  }

  private Standby gone(String name, Seen last, long position) {
    return new Standby(
        name,
        Math.max(0, position - last.replayed),
        position > last.replayed ? waiting(last.replayed) : 0,
        "not heard of for %d s".formatted(time.since(last.at).toSeconds()));
  }

  /** For how many seconds the log has been past a position. */
  private double waiting(long replayed) {
    var next = reached.higherEntry(replayed);
    return next == null ? 0 : time.since(next.getValue()).toNanos() / 1e9;
  }

  /**
   * What a look has found.
   *
   * @param inRecovery whether the server is a standby itself
   * @param unreadable why it is not to be seen how far the standbys are, or null
   * @param connected the names of all that receive the log
   * @param standbys those that replay it, as far as they count
   */
  record View(
      boolean inRecovery,
      @Nullable String unreadable,
      List<String> connected,
      List<Standby> standbys) {

    static final View NONE = new View(false, null, List.of(), List.of());
  }

  /**
   * A standby that is connected, or was so lately.
   *
   * @param detail what else there is to say, in a clause
   */
  record Standby(String name, double bytesBehind, double secondsBehind, @Nullable String detail) {}

  /** What was last seen of the standbys of a name. */
  private record Seen(long replayed, long at) {}

  /** A row: who receives the log, or only the server's own columns if nobody does. */
  private record Receiver(
      boolean inRecovery,
      @Nullable String name,
      @Nullable String address,
      @Nullable String state,
      boolean logical,
      @Nullable Long position,
      @Nullable Long replayed,
      @Nullable Long received,
      @Nullable Double lag,
      String role) {

    /** Whether the role may not see more of it than its name. */
    boolean isHidden() {
      return state == null;
    }

    long replayedLsn() {
      return replayed == null ? 0 : replayed;
    }
  }
}
