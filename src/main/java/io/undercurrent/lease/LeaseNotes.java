package io.undercurrent.lease;

import io.undercurrent.database.StorableText;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a runner writes into the lease's row for other processes to see.
 *
 * @param jdbc runs the statements
 */
public record LeaseNotes(JdbcClient jdbc) {

  /** Notes the update that runs from now on. */
  public void current(String update) {
    jdbc.sql("UPDATE undercurrent.lease SET current_update = :update")
        .param("update", update)
        .update();
  }

  /**
   * Notes that the controller holds the next iteration back, or that it no longer does.
   *
   * @param slept for how long it has done so, or null
   */
  public void sleeping(long epoch, @Nullable Duration slept) {
    jdbc.sql(
            """
            UPDATE undercurrent.lease
               SET sleeping_since = clock_timestamp() - CAST(:ms AS bigint) * interval '1 ms'
             WHERE epoch = :epoch""")
        .param("ms", slept == null ? null : slept.toMillis())
        .param("epoch", epoch)
        .update();
  }

  /** Notes what keeps a process from its work, unless another one runs the database. */
  public void trouble(Owner owner, String sentence) {
    jdbc.sql(
            """
            UPDATE undercurrent.lease
               SET trouble = :trouble, trouble_at = clock_timestamp()
             WHERE owner IS NULL
                OR owner_id = :ownerId
                OR expires_at < clock_timestamp()""")
        .param("trouble", new StorableText(jdbc).of(sentence))
        .param("ownerId", owner.id())
        .update();
  }

  /** Forgets what kept others, or earlier attempts, from their work. */
  public void noTrouble() {
    jdbc.sql("UPDATE undercurrent.lease SET trouble = NULL WHERE trouble IS NOT NULL").update();
  }
}
