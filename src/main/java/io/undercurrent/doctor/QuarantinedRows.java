package io.undercurrent.doctor;

import org.springframework.jdbc.core.RowCallbackHandler;

/** Rows that updates have passed over and that wait for somebody to look at them. */
final class QuarantinedRows implements Check {

  @Override
  public String name() {
    return "quarantined-rows";
  }

  @Override
  public void look(Patient patient, Findings found) {
    patient
        .jdbc()
        .sql(
            """
            SELECT update_name, count(*) AS rows, %s AS age
              FROM undercurrent.quarantine
             GROUP BY update_name
             ORDER BY update_name"""
                .formatted(Age.seconds("min(put_at)")))
        .query(
            (RowCallbackHandler)
                row ->
                    found.hint(
                        row.getString("update_name"),
                        "%s of '%s' in quarantine, the oldest for %s"
                            .formatted(
                                row.getLong("rows") == 1
                                    ? "A row"
                                    : row.getString("rows") + " rows",
                                row.getString("update_name"),
                                Age.words(row.getLong("age"))),
                        "See them with: quarantine " + row.getString("update_name")));
  }
}
