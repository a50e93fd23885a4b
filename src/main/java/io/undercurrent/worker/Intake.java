package io.undercurrent.worker;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.execution.ExecutionFailure;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.execution.SliceSession;
import io.undercurrent.execution.Wishes;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.lease.Fence;
import io.undercurrent.lease.LeaseLostException;
import io.undercurrent.lease.LeaseSessions;
import io.undercurrent.lease.Owner;
import io.undercurrent.queue.Knobs;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.state.HoldSentences;
import io.undercurrent.status.Definitions;
import io.undercurrent.stop.StopSignal;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.StepLocator;
import org.springframework.batch.integration.partition.StepExecutionRequest;
import org.springframework.batch.integration.partition.StepExecutionRequestHandler;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Takes the slices that requests name, if the rows agree, and works on them. */
final class Intake {

  private static final Logger log = LoggerFactory.getLogger(Intake.class);

  private final Map<String, Registration> registrations;
  private final Definitions definitions;
  private final RunnerContext context;
  private final Owner owner;

  /**
   * An intake.
   *
   * @param registrations by their databases
   * @param definitions what the job files of this process say
   * @param context what this process brings along
   * @param owner this process
   */
  Intake(
      Map<String, Registration> registrations,
      Definitions definitions,
      RunnerContext context,
      Owner owner) {
    this.registrations = registrations;
    this.definitions = definitions;
    this.context = context;
    this.owner = owner;
  }

  /**
   * Works on the slice of a request until it ends, or drops the request.
   *
   * @param claimed is called when the rows say that this process has the slice
   */
  void take(SliceRequest request, Runnable claimed) {
    var registration = registrations.get(request.database());
    if (registration == null || !registration.ready()) {
      refuse(request, "its database cannot be worked on at present");
      return;
    }
    try {
      var update = update(registration, request);
      if (update.isEmpty()) {
        refuse(request, "its update is not queued, or in another run");
        return;
      }
      var defined = definitions.find(update.get().name());
      var unfit = unfit(request.database(), update.get(), defined);
      var table = new WorkerTable(registration.database().jdbc());
      if (unfit != null) {
        table.unfit(owner.id(), update.get().name(), unfit);
        refuse(request, unfit);
        return;
      }
      table.fit(owner.id(), update.get().name());
      work(registration, request, update.get(), defined.orElseThrow(), claimed);
    } catch (LeaseLostException e) {
      refuse(request, "the runner that asked for it runs the updates no more");
    } catch (RefusedException | DataAccessException | TransactionException e) {
      refuse(request, SqlFailure.of(e).sentence());
    }
  }

  private static void refuse(SliceRequest request, String why) {
    log.info(
        "{} on {} (step execution {}, epoch {}) is not taken: {}",
        request.step(),
        request.database(),
        request.stepExecution(),
        request.epoch(),
        why);
  }

  /** The update whose run the slice belongs to, as it is queued now. */
  private static Optional<QueuedUpdate> update(Registration registration, SliceRequest request) {
    var database = registration.database();
    return database
        .jdbc()
        .sql(
            """
            SELECT update_name, run
              FROM undercurrent.run_executions
             WHERE job_execution_id = :execution""")
        .param("execution", request.jobExecution())
        .query((row, number) -> Map.entry(row.getString("update_name"), row.getLong("run")))
        .optional()
        .flatMap(
            run ->
                new UpdateQueue(database)
                    .find(run.getKey())
                    .filter(queued -> queued.run() == run.getValue()));
  }

  /** Why this process cannot do what the run does, or null if it can. */
  private @Nullable String unfit(
      String database, QueuedUpdate update, Optional<DefinedUpdate> defined) {
    if (defined.isEmpty()) {
      return HoldSentences.UTC.of(database, definitions.missing(update));
    }
    var changes = Definitions.changes(update, defined.get());
    if (!changes.isEmpty()) {
      return "The job file of this worker says something else than the run began with. Give it the same file";
    }
    try {
      defined.get().definition().work().beans().forEach(context.beans()::get);
      return null;
    } catch (RefusedException e) {
      return e.getMessage();
    }
  }

  private void work(
      Registration registration,
      SliceRequest request,
      QueuedUpdate update,
      DefinedUpdate defined,
      Runnable claimed) {
    var fence = Fence.of(owner, registration.database(), request.epoch());
    var sessions = new LeaseSessions(registration.database(), fence);
    var slice =
        new SliceInHand(
            request.stepExecution(), new Wishes(update), new StopSignal(context.time()));
    try (var session = new SliceSession(context, sessions, slice, update, defined)) {
      var has =
          session
              .pool()
              .transactions()
              .execute(
                  status ->
                      new ClaimedSlices(session.pool().client())
                          .claim(request, owner.id())
                          .isPresent());
      if (!has) {
        refuse(request, "another process has it, or it has ended");
        return;
      }
      slice.know(new Knobs(session.pool().client()).of(update.name()));
      try {
        registration.begin(slice);
        claimed.run();
        log.info("Takes {} on {}", request.step(), request.database());
        conclude(registration, request, execute(session, request, slice.stop()));
      } finally {
        registration.end(slice);
        registration.letGo(request.stepExecution());
      }
    }
  }

  /** By Spring Batch's own handler of such requests. */
  private static StepExecution execute(
      SliceSession session, SliceRequest request, StopSignal stop) {
    var handler = new StepExecutionRequestHandler();
    handler.setJobRepository(session.repository());
    handler.setStepLocator(new OneStep(request.step(), slice -> session.work(slice, stop)));
    return handler.handle(new StepExecutionRequest(request.step(), request.stepExecution()));
  }

  private void conclude(Registration registration, SliceRequest request, StepExecution slice) {
    log.info("{} on {} has ended: {}", request.step(), request.database(), slice.getStatus());
    if (slice.getStatus() == BatchStatus.FAILED) {
      registration.failed(
          slice.getId(), ExecutionFailure.of(slice.getFailureExceptions(), slice.getExitStatus()));
    }
  }

  /** Finds a step by its name. */
  private record OneStep(String name, Step step) implements StepLocator {

    @Override
    public @Nullable Step getStep(String wanted) {
      return wanted.equals(name) ? step : null;
    }
  }
}
