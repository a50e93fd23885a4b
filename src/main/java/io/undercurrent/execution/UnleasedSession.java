package io.undercurrent.execution;

import static java.util.Objects.requireNonNull;

import io.undercurrent.controller.Tuning;
import io.undercurrent.database.Database;
import io.undercurrent.failure.FailurePolicy.InPlace;
import io.undercurrent.failure.IterationFailedException;
import io.undercurrent.failure.Setbacks;
import io.undercurrent.iteration.IterationGate;
import io.undercurrent.iteration.OpenedTransactions;
import io.undercurrent.iteration.SessionSettings;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.kind.DryRun;
import io.undercurrent.kind.Replay;
import io.undercurrent.kind.TriedChunk;
import io.undercurrent.sql.RunStart;
import io.undercurrent.stop.StopAtBoundaryException;
import io.undercurrent.stop.StopSignal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A session outside of all runs, whose transactions are like those of an update's iterations. It
 * needs no lease, and no schema of ours.
 */
public final class UnleasedSession implements AutoCloseable {

  public static final String REPLAY = "undercurrent replay";
  private static final String DRY_RUN = "undercurrent dry-run";

  private final SingleConnectionDataSource session;
  private final JdbcTemplate jdbc;
  private final TransactionTemplate transactions;
  private final UpdateContext update;

  /**
   * Opens one for an update.
   *
   * @param name what {@code pg_stat_activity} shows
   * @param run the run to which the work belongs, or null for none
   */
  public UnleasedSession(
      String name,
      Database database,
      RunnerContext context,
      DefinedUpdate defined,
      @Nullable Long run) {
    this.session = new SingleConnectionDataSource(database.connect(name), true);
    this.jdbc = new JdbcTemplate(session);
    this.transactions = new TransactionTemplate(new Transactions(session, name));
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
            () -> Tuning.NONE,
            context.time());
  }

  private OffsetDateTime start(String update, @Nullable Long run) {
    return run == null
        ? jdbc().sql("SELECT clock_timestamp()").query(OffsetDateTime.class).single()
        : jdbc()
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

  /**
   * Tries some of an update's work, and rolls it back.
   *
   * @param tried hears of each chunk
   * @throws RefusedException if it does not fit the database, or that accepts no writes
   * @throws InterruptedException if the thread is interrupted
   */
  public static DryRun dryRun(
      Database database, RunnerContext context, DefinedUpdate defined, Consumer<TriedChunk> tried)
      throws InterruptedException {
    try (var session = new UnleasedSession(DRY_RUN, database, context, defined, null)) {
      return defined.definition().work().dryRun(session.update, tried);
    } catch (StopAtBoundaryException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw e;
    }
  }

  private IterationGate gate(String name, String rowSecurity) {
    var statement = new StatementCanceller(name);
    return new IterationGate(
        new TransactionOpening(jdbc, null, rowSecurity, statement),
        execution -> {
          throw new UnsupportedOperationException("There is no run to save anything of");
        },
        new NoIterations(),
        statement);
  }

  public JdbcClient jdbc() {
    return JdbcClient.create(jdbc);
  }

  /** Prepares to do rows of the update again. */
  public Replay prepare(DefinedUpdate defined) {
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
  public <T> T execute(String begin, Timeouts timeouts, Supplier<T> work) {
    var manager = requireNonNull(transactions.getTransactionManager());
    return new OpenedTransactions(manager, begin, timeouts.lock())
        .execute(
            status -> {
              update.gate().opening().limit(timeouts);
              return work.get();
            });
  }

  @Override
  public void close() {
    session.close();
  }

  /** Each begins as a runner's do, but without a fence. */
  private static final class Transactions extends JdbcTransactionManager {

    private final String name;

    Transactions(DataSource session, String name) {
      super(session);
      this.name = name;
    }

    @Override
    protected void prepareTransactionalConnection(
        Connection connection, TransactionDefinition definition) throws SQLException {
      super.prepareTransactionalConnection(connection, definition);
      var begin =
          definition instanceof OpenedTransactions opened
              ? opened.begin()
              : SessionSettings.BEGIN_AFRESH;
      try (var statement = connection.createStatement()) {
        statement.execute(begin + "SET application_name = '" + name + "'");
      }
    }
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
