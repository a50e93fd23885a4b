package io.undercurrent.runner;

import io.undercurrent.database.Database;
import io.undercurrent.failure.FailurePolicy.InPlace;
import io.undercurrent.failure.IterationFailedException;
import io.undercurrent.failure.Setbacks;
import io.undercurrent.iteration.IterationGate;
import io.undercurrent.iteration.SessionSettings;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.kind.Replay;
import io.undercurrent.sql.RunStart;
import io.undercurrent.stop.StopSignal;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A session outside of all runs, whose transactions are like those of an update's iterations. */
final class ReplaySession implements AutoCloseable {

  private static final String NAME = "undercurrent replay";

  private final SingleConnectionDataSource session;
  private final JdbcTemplate jdbc;
  private final TransactionTemplate transactions;
  private final UpdateContext update;

  ReplaySession(Database database, RunnerContext context, DefinedUpdate defined, long run) {
    this.session = new SingleConnectionDataSource(database.connect(NAME), true);
    this.jdbc = new JdbcTemplate(session);
    this.transactions = new TransactionTemplate(new JdbcTransactionManager(session));
    var definition = defined.definition();
    this.update =
        new UpdateContext(
            database.name(),
            definition,
            RunStart.among(defined.job().values(), start(definition.name(), run)),
            jdbc,
            transactions,
            database::connect,
            context.controller(),
            gate(definition.name(), SessionSettings.rowSecurity(definition)),
            context.failures(),
            new StopSignal(context.time()),
            context.beans(),
            context.listener(),
            context.time());
  }

  private OffsetDateTime start(String update, long run) {
    return jdbc()
        .sql(
            """
            SELECT coalesce(max(started_at), clock_timestamp())
              FROM undercurrent.runs
             WHERE update_name = :update
               AND run = :run""")
        .param("update", update)
        .param("run", run)
        .query(OffsetDateTime.class)
        .single();
  }

  private IterationGate gate(String name, String rowSecurity) {
    var statement = new StatementCanceller(name);
    return new IterationGate(
        new TransactionOpening(jdbc, null, rowSecurity, statement),
        execution -> Optional.empty(),
        new NoIterations(),
        statement);
  }

  JdbcClient jdbc() {
    return JdbcClient.create(jdbc);
  }

  /** Prepares to do rows of the update again. */
  Replay prepare(DefinedUpdate defined) {
    return execute(
        SessionSettings.BEGIN_AFRESH,
        Timeouts.ofChunk(defined.definition(), Duration.ZERO),
        () -> defined.definition().work().replay(update));
  }

  /**
   * Works in a transaction.
   *
   * @param begin what it begins with
   * @param timeouts what its statements have to respect
   */
  <T> T execute(String begin, Timeouts timeouts, Supplier<T> work) {
    return transactions.execute(
        status -> {
          jdbc.execute(begin + "SET application_name = '" + NAME + "'");
          update.gate().opening().limit(timeouts);
          return work.get();
        });
  }

  @Override
  public void close() {
    session.close();
  }

  /** Where there are no iterations, none is tried again. */
  private record NoIterations() implements Setbacks {

    @Override
    public int counted() {
      return 0;
    }

    @Override
    public void getOver(IterationFailedException failure, InPlace decision) {
      throw failure;
    }
  }
}
