package io.undercurrent.iteration;

import io.undercurrent.controller.Controller;
import io.undercurrent.controller.Tuning;
import io.undercurrent.failure.FailurePolicy;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.time.TimeSource;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What the step of one update works with.
 *
 * @param databaseName the database, for messages and the controller
 * @param settings what the job file says
 * @param values what {@code :name} in its SQL stands for
 * @param jdbc the runner's connections
 * @param transactions transactions on the same connections
 * @param sessions opens sessions for what no transaction can hold
 * @param controller paces the iterations
 * @param gate the runner's part in each transaction
 * @param failures decides what follows when an iteration has failed
 * @param stop asks for a stop at a boundary
 * @param beans finds the processors and writers that job files name
 * @param listener hears of the iterations
 * @param tuning what an operator has set of its pace, as far as that is known by now
 * @param time measures durations and waits
 */
public record UpdateContext(
    String databaseName,
    UpdateSettings settings,
    Map<String, Object> values,
    JdbcTemplate jdbc,
    TransactionTemplate transactions,
    DirectSessions sessions,
    Controller controller,
    IterationGate gate,
    FailurePolicy failures,
    StopSignal stop,
    Beans beans,
    IterationListener listener,
    Supplier<Tuning> tuning,
    TimeSource time) {

  public String name() {
    return settings.name();
  }
}
