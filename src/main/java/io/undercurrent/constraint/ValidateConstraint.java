package io.undercurrent.constraint;

import io.undercurrent.database.Database;
import io.undercurrent.ddl.Ddl;
import io.undercurrent.ddl.DdlStep;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.iteration.UpdateSettings;
import io.undercurrent.kind.CheckContext;
import io.undercurrent.kind.Description;
import io.undercurrent.kind.Part;
import io.undercurrent.kind.Work;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.TableNames;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.jdbc.core.JdbcTemplate;

/** A one-shot: a constraint that all rows satisfy, and that is added first if it is not there. */
record ValidateConstraint(@Part("") WantedConstraint wanted) implements Work {

  @Override
  public Description describe(Function<Sql, String> shortened) {
    return wanted.describe("one-shot: a constraint, validated", shortened);
  }

  @Override
  public List<String> tables(JdbcTemplate jdbc, Map<String, Object> values) {
    return TableNames.qualified(jdbc, List.of(wanted.table()));
  }

  @Override
  public void check(CheckContext check) {
    check.attemptOn(
        wanted.line(),
        wanted.table(),
        () -> new ConstraintRules(check.jdbc(), wanted, check.values()).check());
  }

  @Override
  public boolean mayRecur() {
    return false;
  }

  @Override
  public Step step(JobRepository repository, UpdateContext update) {
    var change = new ConstraintChange(update, wanted);
    return new DdlStep(
        repository,
        update,
        stop -> {
          change.add();
          change.validate();
        });
  }

  @Override
  public boolean hasOwnSessions() {
    return true;
  }

  @Override
  public Timeouts timeouts(UpdateSettings update, Duration target) {
    return Ddl.timeouts(update);
  }

  @Override
  public Optional<String> clear(Database database, boolean underWay, TimeSource time) {
    return new CancelledConstraint(database, time).told(wanted);
  }
}
