package io.undercurrent.lease;

import io.undercurrent.database.ReadOnly;
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
 * @param currentUpdate the update that runs or ran last without having ended, or null
 * @param readOnly why the server accepts no writes, or null if it does
 * @param trouble what the last attempt to run the updates failed with, or null if it did not
 * @param troubleAt when that was
 * @param sleepingSince since when the controller holds the next iteration back, or null
 */
public record LeaseRow(
    @Nullable RunnerView runner,
    @Nullable String lastOwner,
    @Nullable Instant lastSeen,
    boolean switchedOn,
    boolean enabled,
    @Nullable String currentUpdate,
    @Nullable String readOnly,
    @Nullable String trouble,
    @Nullable Instant troubleAt,
    @Nullable Instant sleepingSince) {

  /** The columns that it is read from, of the table {@code lease}. */
  public static final String COLUMNS =
      """
      lease.owner, lease.owner_id, lease.acquired_at, lease.renewed_at, lease.current_update,
      lease.sleeping_since, lease.enabled AS switched_on,
      lease.enabled AND NOT EXISTS (
        SELECT FROM undercurrent.pauses_in_force WHERE update_name IS NULL) AS enabled,
      EXISTS (SELECT FROM undercurrent.live_lease) AS live,
      lease.trouble, lease.trouble_at,
      """
          + ReadOnly.CAUSE
          + " AS read_only";

  public static LeaseRow read(JdbcClient jdbc, Owner thisProcess) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM undercurrent.lease")
        .query((row, number) -> of(row, thisProcess))
        .single();
  }

  public static LeaseRow of(ResultSet row, Owner thisProcess) throws SQLException {
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
        ReadOnly.sentence(row.getString("read_only")),
        row.getString("trouble"),
        instant(row, "trouble_at"),
        runner == null ? null : instant(row, "sleeping_since"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
