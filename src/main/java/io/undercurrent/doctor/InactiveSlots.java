package io.undercurrent.doctor;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.springframework.jdbc.core.RowCallbackHandler;

/** Replication slots that nobody reads from: they hold back vacuum, and keep WAL on the disk. */
final class InactiveSlots implements Check {

  private static final long MUCH_WAL = 1L << 30;

  @Override
  public String name() {
    return "inactive-slot";
  }

  @Override
  public boolean readsOurTables() {
    return false;
  }

  @Override
  public void look(Patient patient, Findings found) {
    patient
        .jdbc()
        .sql(
            """
            SELECT slot_name, quote_literal(slot_name) AS quoted, kept,
                   pg_size_pretty(kept) AS pretty,
                   xmin IS NOT NULL OR catalog_xmin IS NOT NULL AS holds_vacuum
              FROM pg_replication_slots
             CROSS JOIN LATERAL (
               SELECT coalesce(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery()
                                                    THEN pg_last_wal_receive_lsn()
                                                    ELSE pg_current_wal_lsn() END,
                                               restart_lsn), 0) AS kept) AS wal
             WHERE NOT active
               AND NOT temporary
               AND (restart_lsn IS NOT NULL OR xmin IS NOT NULL OR catalog_xmin IS NOT NULL)
             ORDER BY slot_name""")
        .query((RowCallbackHandler) row -> report(row, found));
  }

  private static void report(ResultSet row, Findings found) throws SQLException {
    var sentence =
        "Nobody reads from the replication slot '%s'; it keeps %s of WAL on the server's disk%s"
            .formatted(
                row.getString("slot_name"),
                row.getString("pretty"),
                row.getBoolean("holds_vacuum") ? ", and vacuum from its work" : "");
    var cure =
        "Start what reads from it, or: SELECT pg_drop_replication_slot(%s)"
            .formatted(row.getString("quoted"));
    if (row.getBoolean("holds_vacuum") || row.getLong("kept") > MUCH_WAL) {
      found.problem(row.getString("slot_name"), sentence, cure);
    } else {
      found.hint(row.getString("slot_name"), sentence, cure);
    }
  }
}
