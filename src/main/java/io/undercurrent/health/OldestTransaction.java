package io.undercurrent.health;

import io.undercurrent.state.Measure.Unit;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * For how long vacuum may not have removed what others do not let go: the oldest transaction or
 * snapshot of a session, a prepared transaction, a replication slot or a standby. What does not
 * show since when it holds, holds at least since it was seen to do so.
 */
final class OldestTransaction implements Signal {

  static final String NAME = "oldest-transaction";

  static final Limits OWN = new Limits(3600.0, null, Duration.ZERO, true, Unit.SECONDS);

  /**
   * Vacuum itself does not count, and parallel workers have their leader's snapshot. Of a session
   * that the role may not see, only the snapshot shows. Other databases' sessions do not matter
   * here, but for standbys, whose queries may be in any.
   */
  private static final String QUERY =
      """
      SELECT CASE WHEN backend_type = 'walsender' OR datid IS NULL
                  THEN format('standby %%s', application_name)
                  ELSE format('session %%s', pid) END AS subject,
             CASE WHEN datid IS NOT NULL
                  THEN coalesce(nullif(application_name, ''), backend_type, 'no name') END
               AS application,
             usename AS name, state,
             CASE WHEN datid IS NOT NULL
                  THEN extract(epoch FROM clock_timestamp() - xact_start) END AS seconds,
             format('%%s since %%s', pid, coalesce(backend_xid, backend_xmin)) AS marker,
             age(coalesce(backend_xid, backend_xmin)) AS behind,
             extract(epoch FROM clock_timestamp()) AS now,
             CASE WHEN backend_type = 'client backend'
                  THEN format('end it with: SELECT pg_terminate_backend(%%s)', pid) END AS way_out
        FROM pg_stat_activity
       WHERE (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL)
         AND (datname = current_database() OR datid IS NULL)
         AND leader_pid IS NULL
         AND pid <> pg_backend_pid()
         AND %s
         AND pid NOT IN (SELECT pid FROM pg_stat_progress_vacuum)
       UNION ALL
      SELECT format('prepared transaction %%s', quote_literal(gid)), NULL, owner, NULL,
             extract(epoch FROM clock_timestamp() - prepared), gid, 0,
             extract(epoch FROM clock_timestamp()),
             format('COMMIT PREPARED %%1$L, or: ROLLBACK PREPARED %%1$L', gid)
        FROM pg_prepared_xacts
       WHERE database = current_database()
       UNION ALL
      SELECT format('slot %%s', slot_name), NULL, NULL, NULL, NULL,
             format('%%s since %%s', slot_name, xmin), age(xmin),
             extract(epoch FROM clock_timestamp()),
             CASE WHEN NOT active
                  THEN format('nobody reads from it; SELECT pg_drop_replication_slot(%%L)',
                              slot_name) END
        FROM pg_replication_slots
       WHERE xmin IS NOT NULL"""
          .formatted(OtherSessions.CONDITION);

  private final Limits limits;

  /** When each of those was seen first of which the server does not say since when it holds. */
  private final Map<String, Double> seen = new HashMap<>();

  OldestTransaction(Limits limits) {
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

  @Override
  public Duration every() {
    return SELDOM;
  }

  @Override
  public Reading look(Look look) {
    var holders = look.jdbc().sql(QUERY).query(Holder.class).list();
    remember(holders);
    return holders.stream()
        .map(holder -> new Reading.Value(seconds(holder), holder.subject, holder.words()))
        .max(Comparator.comparingDouble(Reading.Value::value))
        .<Reading>map(oldest -> oldest)
        .orElseGet(() -> new Reading.Nothing("no transaction is open"));
  }

  /** As long as nothing has happened since a snapshot was taken, a later one looks the same. */
  private void remember(List<Holder> holders) {
    var unknown =
        holders.stream().filter(holder -> holder.seconds == null && holder.behind > 0).toList();
    seen.keySet().retainAll(unknown.stream().map(Holder::marker).toList());
    unknown.forEach(holder -> seen.putIfAbsent(holder.marker, holder.now));
  }

  private double seconds(Holder holder) {
    return holder.seconds == null
        ? holder.now - seen.getOrDefault(holder.marker, holder.now)
        : Math.max(0, holder.seconds);
  }

  private record Holder(
      String subject,
      @Nullable String application,
      @Nullable String name,
      @Nullable String state,
      @Nullable Double seconds,
      String marker,
      long behind,
      double now,
      @Nullable String wayOut) {

    @Nullable String words() {
      var words =
          Stream.of(who(), wayOut).filter(Objects::nonNull).collect(Collectors.joining("; "));
      return words.isEmpty() ? null : words;
    }

    private @Nullable String who() {
      if (application == null) {
        return name == null ? null : "user " + name;
      }
      return OtherSessions.words(application, name, state)
          + (seconds == null ? ", seen so far" : "");
    }
  }
}
