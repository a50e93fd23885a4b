package io.undercurrent.brake;

import io.undercurrent.database.StorableText;
import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.state.Measure;
import io.undercurrent.state.Measure.Unit;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What holds updates, as the process that runs them has noted it for all.
 *
 * @param jdbc runs the statements
 */
public record BrakeTable(JdbcClient jdbc) {

  private static final JsonMapper JSON = JsonMapper.shared();

  /**
   * An SQL expression that gives the holds in force as JSON, for {@link #of}, the worst first; only
   * those of a live process count.
   */
  public static final String AS_JSON =
      """
      (SELECT json_agg(json_build_object('signal', signal, 'subject', subject, 'value', value,
                                         'threshold', threshold, 'unit', unit, 'detail', detail,
                                         'since', since)
                       ORDER BY rank)
         FROM undercurrent.holds
        WHERE epoch IN (SELECT epoch FROM undercurrent.live_lease))""";

  /** Replaces what an epoch's process has noted, unless another one has begun. */
  void note(long epoch, List<Brake> brakes) {
    var storable = new StorableText(jdbc);
    var rows =
        brakes.stream()
            .map(
                brake ->
                    new Noted(
                        brake.signal(),
                        storable.orNull(brake.measure().subject()),
                        brake.measure().value(),
                        brake.measure().threshold(),
                        brake.measure().unit(),
                        storable.orNull(brake.detail()),
                        brake.held().toMillis()))
            .toList();
    jdbc.sql(
            """
            WITH held AS (
              SELECT row.*, number
                FROM json_array_elements(CAST(:rows AS json)) WITH ORDINALITY AS list (element, number)
               CROSS JOIN json_to_record(element)
                  AS row (signal text, subject text, value double precision,
                          threshold double precision, unit text, detail text, "heldMs" bigint)
            ), over AS (
              DELETE FROM undercurrent.holds
               WHERE epoch < :epoch
                  OR epoch = :epoch AND signal NOT IN (SELECT signal FROM held)
            )
            INSERT INTO undercurrent.holds
                   (epoch, signal, rank, subject, value, threshold, unit, detail, since, seen_at)
            SELECT :epoch, signal, number, subject, value, threshold, unit, detail,
                   clock_timestamp() - "heldMs" * interval '1 ms', clock_timestamp()
              FROM held
             WHERE EXISTS (SELECT FROM undercurrent.lease WHERE epoch = :epoch)
                ON CONFLICT (epoch, signal)
                DO UPDATE SET rank = excluded.rank, subject = excluded.subject,
                              value = excluded.value, threshold = excluded.threshold,
                              unit = excluded.unit, detail = excluded.detail,
                              since = least(holds.since, excluded.since),
                              seen_at = excluded.seen_at""")
        .param("rows", JSON.writeValueAsString(rows))
        .param("epoch", epoch)
        .update();
  }

  /** The signal that holds updates the most, or nothing if they may go on. */
  public Optional<String> worst() {
    return inForce().stream().findFirst().map(Hold::measure).map(Measure::signal);
  }

  /** Whether there is a live process that notes what holds updates. */
  public boolean isLookedAfter() {
    return jdbc.sql("SELECT EXISTS (SELECT FROM undercurrent.live_lease)")
        .query(Boolean.class)
        .single();
  }

  /** The holds in force, the worst first. */
  public List<Hold> inForce() {
    return of(jdbc.sql("SELECT " + AS_JSON).query(String.class).optional().orElse(null));
  }

  /** What the expression gave. */
  public static List<Hold> of(@Nullable String json) {
    return json == null
        ? List.of()
        : JSON.readValue(json, new TypeReference<List<Row>>() {}).stream().map(Row::hold).toList();
  }

  private record Noted(
      String signal,
      @Nullable String subject,
      @Nullable Double value,
      double threshold,
      Unit unit,
      @Nullable String detail,
      long heldMs) {}

  private record Row(
      String signal,
      @Nullable String subject,
      @Nullable Double value,
      double threshold,
      Unit unit,
      @Nullable String detail,
      Instant since) {

    Hold hold() {
      return Hold.of(Kind.BRAKE)
          .since(since)
          .what(detail)
          .measure(new Measure(signal, subject, value, threshold, unit));
    }
  }
}
