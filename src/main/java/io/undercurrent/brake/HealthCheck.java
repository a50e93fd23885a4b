package io.undercurrent.brake;

import io.undercurrent.brake.HealthReport.SignalView;
import io.undercurrent.brake.HealthReport.Verdict;
import io.undercurrent.database.Database;
import io.undercurrent.health.Limits;
import io.undercurrent.health.Look;
import io.undercurrent.health.Reading;
import io.undercurrent.health.Reading.Nothing;
import io.undercurrent.health.Reading.Unknown;
import io.undercurrent.health.Reading.Value;
import io.undercurrent.health.Signal;
import io.undercurrent.state.Hold;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Asks signals once, whether updates run or not.
 *
 * @param database whose they are
 * @param signals also those that are off
 */
public record HealthCheck(Database database, List<Signal> signals) {

  private static final String READ_ONLY =
      "SET statement_timeout = %d; SET default_transaction_read_only = on"
          .formatted(HealthWatch.LONGEST.toMillis());

  /**
   * Asks them.
   *
   * @param update the one that is current, or null
   * @param tables finds the tables that it writes to
   */
  public HealthReport ask(@Nullable String update, Function<JdbcTemplate, List<String>> tables) {
    try (var connection = database.connect(HealthWatch.APPLICATION_NAME)) {
      var jdbc = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
      jdbc.execute(READ_ONLY);
      var client = JdbcClient.create(jdbc);
      var look =
          new Look(client, update, HealthWatch.tables(update, tables, jdbc).orElse(List.of()));
      return new HealthReport(
          signals.stream().map(signal -> view(signal, HealthWatch.read(signal, look))).toList(),
          database.isPrepared() ? new BrakeTable(client).inForce() : List.<Hold>of());
    } catch (SQLException e) {
      throw new UncategorizedSQLException("closing a session", null, e);
    }
  }

  private static SignalView view(Signal signal, Reading reading) {
    var value = reading instanceof Value found ? found : null;
    var limits = signal.limits();
    return new SignalView(
        signal.name(),
        value == null ? null : value.subject(),
        value == null ? null : value.value(),
        limits.unit(),
        hold(limits, value),
        limits.critical(),
        verdict(limits, reading),
        detail(reading));
  }

  private static @Nullable Double hold(Limits limits, @Nullable Value value) {
    var hold = limits.hold();
    if (hold == null || value == null) {
      return hold;
    }
    return value.threshold(hold);
  }

  private static Verdict verdict(Limits limits, Reading reading) {
    var hold = limits.hold();
    if (hold == null) {
      return Verdict.OFF;
    }
    if (reading instanceof Value found) {
      if (limits.critical() != null && found.value() > limits.critical()) {
        return Verdict.CRITICAL;
      }
      return found.value() > found.threshold(hold) ? Verdict.HOLD : Verdict.GO;
    }
    return reading instanceof Nothing ? Verdict.NOTHING : Verdict.UNKNOWN;
  }

  private static @Nullable String detail(Reading reading) {
    if (reading instanceof Value value) {
      return value.detail();
    }
    return reading instanceof Nothing nothing ? nothing.why() : ((Unknown) reading).why();
  }
}
