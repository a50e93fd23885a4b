package io.undercurrent.runner;

import io.undercurrent.runner.DatabaseStatus.RunnerView;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The lease as others see it.
 *
 * @param runner who holds it, or null if nobody does
 * @param lastOwner who held it last, in words, or null if nobody ever did or it was given back
 * @param lastSeen when it was renewed last, or null if it never was
 * @param switchedOn whether updates are enabled, whatever is paused
 * @param enabled the same, false also while a pause of all holds
 * @param currentUpdate the update that runs or ran last, or null
 * @param readOnly whether the server takes no writes
 * @param sleepingSince since when the controller holds the next iteration back, or null
 */
record LeaseRow(
    @Nullable RunnerView runner,
    @Nullable String lastOwner,
    @Nullable Instant lastSeen,
    boolean switchedOn,
    boolean enabled,
    @Nullable String currentUpdate,
    boolean readOnly,
    @Nullable Instant sleepingSince) {

  static final String READ_ONLY =
      "The server takes no writes: its transactions are read-only, as on a standby. Point the url at the primary, or let this one take writes again";

  static LeaseRow read(JdbcClient jdbc, Owner thisProcess) {
    return jdbc.sql(
            """
            SELECT owner, owner_id, acquired_at, renewed_at, current_update, sleeping_since,
                   enabled AS switched_on,
                   enabled AND NOT EXISTS (
                     SELECT
                       FROM undercurrent.pauses
                      WHERE update_name IS NULL
                        AND (until IS NULL OR until > clock_timestamp())) AS enabled,
                   owner IS NOT NULL AND expires_at > clock_timestamp() AS live,
                   CAST(current_setting('transaction_read_only') AS boolean) AS read_only
              FROM undercurrent.lease""")
        .query((row, number) -> of(row, thisProcess))
        .single();
  }

  private static LeaseRow of(ResultSet row, Owner thisProcess) throws SQLException {
    var lastSeen = instant(row, "renewed_at");
    var acquired = instant(row, "acquired_at");
    var runner =
        row.getBoolean("live") && lastSeen != null && acquired != null
            ? new RunnerView(
                thisProcess.id().equals(row.getString("owner_id")),
                row.getString("owner"),
                acquired,
                lastSeen)
            : null;
    return new LeaseRow(
        runner,
        row.getString("owner"),
        lastSeen,
        row.getBoolean("switched_on"),
        row.getBoolean("enabled"),
        row.getString("current_update"),
        row.getBoolean("read_only"),
        runner == null ? null : instant(row, "sleeping_since"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
