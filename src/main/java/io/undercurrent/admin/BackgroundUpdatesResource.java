package io.undercurrent.admin;

import io.undercurrent.admin.http.Answer;
import io.undercurrent.admin.http.Attempt;
import io.undercurrent.admin.http.BoundedQueries;
import io.undercurrent.admin.http.Caller;
import io.undercurrent.admin.http.Refusal;
import io.undercurrent.admin.http.RequestBody;
import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.command.CheckFailedException;
import io.undercurrent.command.Operator;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.queue.AlreadyQueuedException;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.security.core.Authentication;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The background updates admin API of a homeserver, with its statuses, bodies and words.
 *
 * <p>What differs on purpose: any job can be started, counts are those of the run, and all answers
 * come from the databases, so from any process.
 */
@RestController
@RequestMapping(Routes.BASE)
final class BackgroundUpdatesResource {

  private static final Logger log = LoggerFactory.getLogger(BackgroundUpdatesResource.class);
  private static final double NANOS_PER_MS = 1e6;

  private final BackgroundUpdates updates;
  private final Databases databases;
  private final BoundedQueries questions;
  private final EnabledSwitch enabled;
  private final Statuses statuses;

  BackgroundUpdatesResource(
      AdminServices engine, BoundedQueries questions, EnabledSwitch enabled, Statuses statuses) {
    this.updates = engine.updates();
    this.databases = engine.databases();
    this.questions = questions;
    this.enabled = enabled;
    this.statuses = statuses;
  }

  @GetMapping("status")
  void status(HttpServletResponse response) throws IOException {
    Answer.write(response, this::status);
  }

  private Answer status() {
    var statuses = this.statuses.now();
    var current = new LinkedHashMap<String, Object>();
    statuses.forEach(
        status ->
            status
                .currentUpdates()
                .forEach(update -> current.put(status.database(), described(update))));
    var body = new LinkedHashMap<String, Object>();
    body.put("enabled", enabled.in(statuses));
    body.put("current_updates", current);
    return Answer.ok(body);
  }

  private static Map<String, @Nullable Object> described(CurrentUpdate update) {
    var described = new LinkedHashMap<String, @Nullable Object>();
    described.put("name", update.name());
    described.put("total_item_count", update.items());
    described.put("total_duration_ms", update.duration().toNanos() / NANOS_PER_MS);
    described.put("average_items_per_ms", rate(update.itemsPerMs()));
    return described;
  }

  /** The reference writes a rate without any time as an integer. */
  private static @Nullable Number rate(@Nullable Double itemsPerMs) {
    if (itemsPerMs != null && itemsPerMs == 0) {
      return 0;
    }
    return itemsPerMs;
  }

  @GetMapping("enabled")
  void enabled(HttpServletResponse response) throws IOException {
    Answer.write(response, () -> Answer.ok(Map.of("enabled", enabled.in(statuses.now()))));
  }

  @PostMapping("enabled")
  void enable(HttpServletRequest request, HttpServletResponse response, Authentication who)
      throws IOException {
    Answer.write(response, () -> enable(request, Caller.of(who).operator()));
  }

  private Answer enable(HttpServletRequest request, Operator operator) {
    var wanted = RequestBody.read(request).get("enabled");
    if (wanted != null && !wanted.isBoolean()) {
      throw unknown("'enabled' parameter must be a boolean");
    }
    var value = wanted == null || wanted.booleanValue();
    enabled.set(value, operator);
    return Answer.ok(Map.of("enabled", value));
  }

  @PostMapping("start_job")
  void startJob(HttpServletRequest request, HttpServletResponse response, Authentication who)
      throws IOException {
    Answer.write(response, () -> startJob(request, Caller.of(who).operator()));
  }

  private Answer startJob(HttpServletRequest request, Operator operator) {
    var name = RequestBody.read(request).get("job_name");
    if (name == null) {
      throw new Refusal(400, "M_MISSING_PARAM", "Missing params: ['job_name']");
    }
    if (!name.isString() || !updates.hasJob(name.stringValue())) {
      throw unknown("Invalid job_name");
    }
    start(name.stringValue(), operator);
    statuses.forget();
    return Answer.ok(Map.of());
  }

  private void start(String job, Operator operator) {
    var main = updates.databases().get(0);
    var starting =
        new Attempt<>(
            () -> databases.main().transactions(), () -> updates.start(main, job, operator));
    try {
      questions.change(main, starting);
    } catch (AlreadyQueuedException e) {
      throw unknown("Job %s is already in queue of background updates.".formatted(job));
    } catch (CheckFailedException e) {
      throw unknown(String.valueOf(e.getMessage()));
    } catch (RefusedException | DataAccessException | TransactionException e) {
      log.warn("Job {} could not be started: {}", job, SqlFailure.of(e).sentence());
      throw new Refusal(
          503,
          "M_UNKNOWN",
          "Database %s cannot be worked on now; see status before trying again.".formatted(main));
    }
  }

  private static Refusal unknown(String error) {
    return new Refusal(400, "M_UNKNOWN", error);
  }
}
