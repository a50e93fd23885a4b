package io.undercurrent.status;

import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.kind.UpdateOptions;
import io.undercurrent.lease.Owner;
import io.undercurrent.queue.NewUpdate;
import io.undercurrent.queue.Pauses;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.run.RunStatements;
import io.undercurrent.sql.Sql;
import io.undercurrent.state.UpdateState;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.Windows;
import io.undercurrent.window.TimeWindows;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The table of transitions, against all that operators, SQL and a runner write. */
@PostgresTest
class UpdateStateTests {

  private static final int STEPS = 2_000;
  private static final List<String> NAMES = List.of("a", "b");

  private final Random random = new Random(9);
  private final Set<String> undefined = new HashSet<>();
  private final Set<String> changed = new HashSet<>();
  private final Set<String> closed = new HashSet<>();
  private Database database;
  private UpdateQueue queue;
  private Pauses pauses;
  private Definitions definitions;
  private StatusReader reader;
  private final Set<String> tried = new HashSet<>();
  private Map<String, UpdateState> before = Map.of();
  private @Nullable String iterating;

  @BeforeEach
  void open(Database database) {
    this.database = database;
    this.queue = new UpdateQueue(database);
    this.pauses = new Pauses(database);
    this.definitions = this::definition;
    this.reader = new StatusReader(database, Owner.thisProcess(), definitions);
  }

  private Optional<DefinedUpdate> definition(String name) {
    var sql = changed.contains(name) ? "SELECT 2" : "SELECT 1";
    var windows = closed.contains(name) ? Windows.closed() : TimeWindows.ALWAYS;
    var update =
        update(name, new RunStatements(List.of(new Sql(sql, 1))))
            .with(UpdateOptions.NONE.within(windows));
    return undefined.contains(name)
        ? Optional.empty()
        : Optional.of(new DefinedUpdate(job(update), update));
  }

  @Test
  void takesNoArrowThatTheTableLacks() {
    var expected = new TreeSet<String>();
    for (var arrow : UpdateState.transitions()) {
      for (var to : arrow.to()) {
        arrow.from().forEach(from -> expected.add(from + " to " + to));
        if (arrow.from().isEmpty()) {
          expected.add("nothing to " + to);
        }
      }
    }
    var taken = new TreeSet<String>();
    before = states();
    for (var step = 0; step < STEPS; step++) {
      var change = change();
      var after = states();
      for (var name : NAMES) {
        var arrow = arrow(name, before.get(name), after.get(name));
        arrow.ifPresent(taken::add);
        assertThat(expected).as(change).containsAll(arrow.stream().toList());
      }
      before = after;
    }

    // The rest takes longer than a test should: some meet only where three things hold at once.
    assertThat(taken).hasSizeGreaterThan(expected.size() * 3 / 4);
  }

  private Map<String, UpdateState> states() {
    return reader.glance().updates().stream()
        .collect(Collectors.toMap(view -> view.queued().name(), DatabaseStatus.UpdateView::state));
  }

  private Optional<String> arrow(
      String name, @Nullable UpdateState before, @Nullable UpdateState after) {
    if (before == after) {
      return Optional.empty();
    }
    if (after == null) {
      return Optional.of(before + " to " + outcome(name));
    }
    return Optional.of((before == null ? "nothing" : before) + " to " + after);
  }

  private @Nullable String outcome(String name) {
    return Rows.of(
            database,
            "SELECT outcome FROM undercurrent.runs WHERE update_name = '%s' ORDER BY run DESC LIMIT 1"
                .formatted(name))
        .get(0);
  }

  /** Does one thing that may be done now, and says what. */
  private String change() {
    var name = NAMES.get(random.nextInt(NAMES.size()));
    var other = NAMES.get(1 - NAMES.indexOf(name));
    var queued = queue.find(name).orElse(null);
    return queued == null ? add(name, other) : change(queued);
  }

  private String add(String name, String other) {
    queue.add(name, List.of(new NewUpdate(name, random.nextBoolean() ? other : null, 0)));
    return "add " + name;
  }

  private String change(QueuedUpdate update) {
    var name = update.name();
    var changes =
        List.<Function<QueuedUpdate, Boolean>>of(
            this::pause,
            this::resume,
            this::resume,
            this::resume,
            this::pauseAll,
            this::runOut,
            this::define,
            this::define,
            this::undefine,
            this::edit,
            this::edit,
            this::closeWindow,
            this::openWindow,
            this::openWindow,
            this::openWindow,
            this::accept,
            this::enable,
            this::enable,
            this::disable,
            this::runnerComes,
            this::runnerComes,
            this::runnerGoes,
            this::take,
            this::take,
            this::take,
            this::take,
            this::fail,
            this::fail,
            this::awaitOperator,
            this::awaitOperator,
            this::goOn,
            this::giveUp,
            this::complete,
            this::reachTheRetry,
            this::retry,
            this::rarely,
            this::turnTheDependency,
            this::turnTheDependency,
            this::turnTheDependency);
    var number = random.nextInt(changes.size());
    for (var tries = 0; tries < 10 && !tried.add(before + name + number); tries++) {
      number = random.nextInt(changes.size());
    }
    return changes.get(number).apply(update) ? "change %d of %s".formatted(number, name) : change();
  }

  private boolean pause(QueuedUpdate update) {
    pauses.add(update.name(), null, "anna", null);
    return true;
  }

  private boolean resume(QueuedUpdate update) {
    return pauses.remove(null) || pauses.remove(update.name());
  }

  private boolean pauseAll(QueuedUpdate update) {
    pauses.add(null, null, "anna", Duration.ofHours(1));
    return true;
  }

  private boolean runOut(QueuedUpdate update) {
    return changed(
        "UPDATE undercurrent.pauses SET until = now() WHERE until IS NULL OR until > now()");
  }

  private boolean changed(String sql) {
    return database.jdbc().sql(sql).update() > 0;
  }

  private boolean define(QueuedUpdate update) {
    return undefined.remove(update.name());
  }

  /** What a runner has in hand it does not look up again. */
  private boolean undefine(QueuedUpdate update) {
    return !update.name().equals(iterating) && undefined.add(update.name());
  }

  /** To and fro. */
  private boolean edit(QueuedUpdate update) {
    var name = update.name();
    return !name.equals(iterating) && (changed.remove(name) || changed.add(name));
  }

  private boolean closeWindow(QueuedUpdate update) {
    return closed.add(update.name());
  }

  private boolean openWindow(QueuedUpdate update) {
    return closed.remove(update.name());
  }

  private boolean accept(QueuedUpdate update) {
    return !update.name().equals(iterating) && keep(update);
  }

  private boolean keep(QueuedUpdate update) {
    var defined = definition(update.name());
    defined.ifPresent(
        found -> queue.keep(update.name(), update.run(), Definitions.kept(found).json()));
    return defined.isPresent();
  }

  private boolean enable(QueuedUpdate update) {
    return changed("UPDATE undercurrent.lease SET enabled = true WHERE NOT enabled");
  }

  private boolean disable(QueuedUpdate update) {
    return changed("UPDATE undercurrent.lease SET enabled = false WHERE enabled");
  }

  private boolean runnerComes(QueuedUpdate update) {
    return changed(
        """
        UPDATE undercurrent.lease
           SET owner = 'pid 1 on db-host', owner_id = 'stranger', acquired_at = now(),
               renewed_at = now(), expires_at = now() + interval '1 hour'
         WHERE owner IS NULL""");
  }

  private boolean runnerGoes(QueuedUpdate update) {
    iterating = null;
    return changed(
        """
        UPDATE undercurrent.lease
           SET owner = NULL, owner_id = NULL, expires_at = now()
         WHERE owner IS NOT NULL""");
  }

  /** An iteration that something holds stops at its boundary, before another update is taken. */
  private boolean take(QueuedUpdate update) {
    var next = queue.select(definitions).next();
    var status = reader.glance();
    if (next.isEmpty() || status.runner() == null || !status.enabled()) {
      return false;
    }
    iterating = next.get().name();
    keep(next.get());
    return changed("UPDATE undercurrent.lease SET current_update = '%s'".formatted(iterating));
  }

  private boolean awaitOperator(QueuedUpdate update) {
    if (!update.name().equals(iterating) || update.failuresInRow() > 0) {
      return false;
    }
    iterating = null;
    queue.awaitOperator(update.name(), "swap " + update.name());
    return true;
  }

  private boolean goOn(QueuedUpdate update) {
    return queue.goOn(update.name());
  }

  private boolean fail(QueuedUpdate update) {
    return failed(update, Duration.ofHours(1));
  }

  private boolean giveUp(QueuedUpdate update) {
    return failed(update, null);
  }

  private boolean failed(QueuedUpdate update, @Nullable Duration backOff) {
    if (!update.name().equals(iterating)) {
      return false;
    }
    iterating = null;
    queue.failed(update.name(), update.run(), "no", null, backOff, true);
    return true;
  }

  private boolean complete(QueuedUpdate update) {
    if (!update.name().equals(iterating)) {
      return false;
    }
    iterating = null;
    queue.complete(update.name(), update.run());
    return true;
  }

  private boolean reachTheRetry(QueuedUpdate update) {
    return changed("UPDATE undercurrent.runs SET retry_at = now() WHERE retry_at > now()");
  }

  private boolean retry(QueuedUpdate update) {
    if (update.failuresInRow() == 0) {
      return false;
    }
    queue.forgetFailures(update.name(), update.run());
    return true;
  }

  /** What leaves the queue has lost all that held it. */
  private boolean rarely(QueuedUpdate update) {
    return random.nextInt(4) == 0 && (random.nextBoolean() ? cancel(update) : delete(update));
  }

  private boolean cancel(QueuedUpdate update) {
    var left = queue.cancel(update.name());
    if (iterating != null && left.contains(iterating)) {
      iterating = null;
    }
    return true;
  }

  private boolean delete(QueuedUpdate update) {
    Rows.run(
        database,
        "DELETE FROM undercurrent.background_updates WHERE update_name = '%s'"
            .formatted(update.name()));
    queue.adoptChangesBySql();
    if (update.name().equals(iterating)) {
      iterating = null;
    }
    return true;
  }

  /** By SQL; updates that come and go are the rare way. */
  private boolean turnTheDependency(QueuedUpdate update) {
    var other = NAMES.get(1 - NAMES.indexOf(update.name()));
    return changed(
        """
        UPDATE undercurrent.background_updates
           SET depends_on = CASE WHEN depends_on IS NULL THEN '%s' END
         WHERE update_name = '%s'"""
            .formatted(other, update.name()));
  }
}
