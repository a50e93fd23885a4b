package io.undercurrent.rows;

import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.iteration.UpdateSettings;
import io.undercurrent.kind.CheckContext;
import io.undercurrent.kind.Description;
import io.undercurrent.kind.DryRun;
import io.undercurrent.kind.Replay;
import io.undercurrent.kind.TriedChunk;
import io.undercurrent.kind.Work;
import io.undercurrent.sql.Sql;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Work in chunks. A kind whose file says less than what is read and written finds the rest out on
 * the database, and gets chunks, restarts, quarantine and {@code show} by that.
 */
public interface ChunkedWork extends Work {

  /**
   * What is read and written on a database. Asks the catalogue, in the caller's transaction, if
   * there is one; called for each execution, and for a check.
   *
   * @param values what {@code :name} stands for in the job's SQL
   * @throws io.undercurrent.database.RefusedException if the file does not fit the database
   */
  ReadWrite expand(JdbcTemplate jdbc, Map<String, Object> values);

  /**
   * How its one statement is asked for a range of keys, so that these stay in the server; nothing
   * where it has to see the chunk's rows, as most do.
   */
  default Optional<RangeChange> byRange(JdbcTemplate jdbc) {
    return Optional.empty();
  }

  /** What comes before the first chunk and after the last; nothing for most. */
  default Frame frame() {
    return Frame.NONE;
  }

  /**
   * What looks at the items besides; nothing for most.
   *
   * @param values as above
   */
  default Inspection inspection(Map<String, Object> values) {
    return Inspection.NONE;
  }

  @Override
  default void check(CheckContext check) {
    check
        .attempt(check.update().line(), () -> expand(check.jdbc(), check.values()))
        .ifPresent(work -> new ReadWriteCheck(check, work).run());
  }

  @Override
  default Optional<Description> expansion(
      JdbcTemplate jdbc, Map<String, Object> values, Function<Sql, String> shortened) {
    return Optional.of(expand(jdbc, values).describe(shortened));
  }

  @Override
  default Step step(JobRepository repository, UpdateContext update) {
    return new AdaptiveChunkStep(repository, update, this);
  }

  @Override
  default Replay replay(UpdateContext update) {
    return RowReplay.open(update, expand(update.jdbc(), update.values()));
  }

  @Override
  default boolean hasOwnSessions() {
    return frame() != Frame.NONE;
  }

  @Override
  default DryRun dryRun(UpdateContext update, Consumer<TriedChunk> tried) {
    return ChunkDryRun.of(update, this, tried);
  }

  /** What is done around the chunks is done once. */
  @Override
  default boolean mayRecur() {
    return frame() == Frame.NONE;
  }

  @Override
  default boolean isOneShot() {
    return false;
  }

  /** What a kind does around its chunks, or looks for in all of them, is done in one place. */
  @Override
  default Optional<String> undivided() {
    if (frame() != Frame.NONE) {
      return Optional.of("its chunks are only a part of what it does");
    }
    return inspection(Map.of()) == Inspection.NONE
        ? Optional.empty()
        : Optional.of("it adds up what it finds in all of its chunks");
  }

  @Override
  default Optional<String> dependence(UpdateContext update) {
    return new SliceCut(update, this, new ExecutionContext()).dependence();
  }

  @Override
  default List<ExecutionContext> slices(UpdateContext update, ExecutionContext before, int parts) {
    return new SliceCut(update, this, before).into(parts);
  }

  @Override
  default Timeouts timeouts(UpdateSettings update, Duration target) {
    return Timeouts.ofChunk(update, target);
  }
}
