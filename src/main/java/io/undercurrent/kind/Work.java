package io.undercurrent.kind;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.iteration.Progress;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.iteration.UpdateSettings;
import io.undercurrent.key.KeyAxis;
import io.undercurrent.sql.Sql;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What an update does, as its {@link UpdateKind} has read it from a job file. Unless a kind says
 * otherwise, all is done in one iteration, whose transaction is all that the update leaves behind.
 */
public interface Work {

  /**
   * What {@code show} says about it.
   *
   * @param shortened how to write SQL, which may be long
   */
  Description describe(Function<Sql, String> shortened);

  /**
   * What it comes to on a database, where the job file says it in fewer words; {@code show} says
   * that as well. Asks the catalogue only.
   *
   * @param values what {@code :name} stands for in the job's SQL
   * @throws RefusedException if it does not fit the database
   */
  default Optional<Description> expansion(
      JdbcTemplate jdbc, Map<String, Object> values, Function<Sql, String> shortened) {
    return Optional.empty();
  }

  /**
   * Looks for what would keep the update from running on a database, and changes nothing. Called
   * for the updates of a job in their order, by {@code check} and before {@code start}.
   *
   * @param check takes the problems; its session sees what the update's iterations will see
   */
  void check(CheckContext check);

  /** Makes a step for one execution; the database is asked only when the step is opened. */
  Step step(JobRepository repository, UpdateContext update);

  /**
   * Prepares to do single rows again; asks the database, in the caller's transaction.
   *
   * @throws RefusedException if the work does not fit the database, or is not done row by row
   */
  default Replay replay(UpdateContext update) {
    throw new RefusedException(
        "expected an update that reads and writes rows, found '%s', which has none to do again"
            .formatted(update.name()));
  }

  /**
   * Tries some of the work, and rolls it back. Called with no transaction open, and by any process.
   * Unless a kind says otherwise, nothing is tried: what is done at once would hold its locks for
   * as long as all of it takes.
   *
   * @param tried hears of each chunk
   * @throws RefusedException if the work does not fit the database
   */
  default DryRun dryRun(UpdateContext update, Consumer<TriedChunk> tried) {
    return DryRun.explained(
        List.of("It is done at once, and so was not tried: " + describe(Sql::text).summary()));
  }

  /** Whether all is done in one iteration, so that there is neither a position nor a chunk. */
  default boolean isOneShot() {
    return true;
  }

  /**
   * Why it can only be worked on in one lane, in a clause; empty if it can be cut into slices of
   * its key.
   */
  default Optional<String> undivided() {
    return Optional.of("it is done in one piece");
  }

  /**
   * Why its chunks cannot be worked on at the same time on a database, in a clause; empty if they
   * can. Called with no transaction open, before slices are worked on: a definition may have
   * changed since they were cut.
   */
  default Optional<String> dependence(UpdateContext update) {
    return Optional.empty();
  }

  /**
   * Cuts what is left of a run into slices, which are worked on in any order and several at a time.
   * Called with no transaction open, once for each run.
   *
   * @param before the context of the step that has worked on the run in one lane; empty if none has
   * @param parts how many there are to be at most
   * @return the contexts with which their steps begin, at least one; a single one if it cannot be
   *     cut after all, or is too small
   */
  default List<ExecutionContext> slices(UpdateContext update, ExecutionContext before, int parts) {
    return List.of(before);
  }

  /** Whether there may be something to do again some time after it was done: {@code every}. */
  default boolean mayRecur() {
    return true;
  }

  /**
   * The timeouts of the next iteration.
   *
   * @param target its target duration, which does not matter to a one-shot
   */
  default Timeouts timeouts(UpdateSettings update, Duration target) {
    return Timeouts.ofOneShot(update);
  }

  /** The columns that name an item, in the order of a position's parts; empty if none do. */
  default List<String> key() {
    return List.of();
  }

  /**
   * Where positions are on a scale, by which a run's progress is estimated; empty if only the count
   * of rows says how far it is.
   */
  default Optional<KeyAxis> axis(JdbcClient jdbc) {
    return Optional.empty();
  }

  /**
   * What the rows of a run are, where they are counted before it begins: {@code lines}; empty where
   * their number is estimated.
   */
  default Optional<String> counts() {
    return Optional.empty();
  }

  /** The beans that do some of the work, each by its name with what it has to be. */
  default Map<String, Class<?>> beans() {
    return Map.of();
  }

  /** A warning about what a completed run has done; empty if there is nothing to doubt. */
  default Optional<String> doubt(Progress progress) {
    return Optional.empty();
  }

  /**
   * The tables that it changes on a database, with their schemas and quoted as the server does it;
   * a partition that its statements find is named by its topmost parent. Asks the catalogue and the
   * planner only; called with no transaction open. What triggers and beans do is not known. Empty
   * if there are none, or if it only maintains them, so that their state does not keep it from
   * that.
   *
   * @param values what {@code :name} stands for in the job's SQL
   * @throws RuntimeException if it does not fit the database
   */
  default List<String> tables(JdbcTemplate jdbc, Map<String, Object> values) {
    return List.of();
  }

  /** The index that it builds in a session of its own, outside of all transactions, or null. */
  default @Nullable String builds() {
    return null;
  }

  /**
   * Whether it has statements outside of all transactions, in sessions of their own; a pause waits
   * for their end.
   */
  default boolean hasOwnSessions() {
    return builds() != null;
  }

  /**
   * Does what the run waits for an operator to say. Called in a transaction that also lets the run
   * go on, while no runner has it in hand.
   *
   * @return what has been done, in a clause
   * @throws RefusedException if there is nothing to swap, or something is missing
   * @throws org.springframework.dao.DataAccessException if a lock is not to be had now, among
   *     others
   */
  default String swap(JdbcTemplate jdbc) {
    throw new RefusedException("expected an update that converts a column, found another one");
  }

  /**
   * Clears away what the update has left outside of its transactions. Called after it was taken out
   * of the queue, outside of a transaction; may take seconds.
   *
   * @param underWay whether a runner was at it when it was cancelled
   * @param time for waiting
   * @return what became of it, in a sentence; empty if there never was anything
   */
  default Optional<String> clear(Database database, boolean underWay, TimeSource time) {
    return Optional.empty();
  }
}
