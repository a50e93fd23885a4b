package io.undercurrent.kind;

import static java.util.Objects.requireNonNull;

import io.undercurrent.iteration.Beans;
import io.undercurrent.iteration.SessionSettings;
import io.undercurrent.sql.RunStart;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Checks a job's updates against a database, one after the other; changes nothing. */
public final class UpdateCheck {

  private final JdbcTemplate jdbc;
  private final Map<String, Object> ofJob;
  private @Nullable Map<String, Object> values;
  private final Beans beans;
  private final EarlierUpdates earlier = new EarlierUpdates();

  /**
   * A check of one job.
   *
   * @param values what {@code :name} in its SQL stands for
   * @param beans finds the processors and writers that it names
   */
  public UpdateCheck(JdbcTemplate jdbc, Map<String, Object> values, Beans beans) {
    this.jdbc = jdbc;
    this.ofJob = values;
    this.beans = beans;
  }

  /**
   * Checks the next update of the job.
   *
   * @return its problems and warnings, empty if there are none
   */
  public List<Problem> check(UpdateDefinition update) {
    SessionSettings.apply(update, jdbc);
    var context = new CheckContext(update, jdbc, values(), beans, earlier);
    update.work().check(context);
    return context.problems();
  }

  /** As if the run began now. */
  private Map<String, Object> values() {
    if (values == null) {
      var now = jdbc.queryForObject("SELECT clock_timestamp()", OffsetDateTime.class);
      values = RunStart.among(ofJob, requireNonNull(now));
    }
    return values;
  }

  /** How serious a problem is. */
  public enum Seriousness {
    /** The update cannot run, or must not. */
    REFUSED,
    /** It can run, but may not be what was meant. */
    WARNING
  }

  /**
   * A problem of an update.
   *
   * @param line the line of the job file
   * @param message what is wrong
   * @param maker the update that may still mend it, or null if none will
   * @param own whether something is missing in Undercurrent's own schema
   */
  public record Problem(
      int line, Seriousness seriousness, String message, @Nullable String maker, boolean own) {}
}
