package io.undercurrent.constraint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.undercurrent.database.Database;
import io.undercurrent.ddl.Ddl;
import io.undercurrent.ddl.DdlStep;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.iteration.UpdateSettings;
import io.undercurrent.kind.CheckContext;
import io.undercurrent.kind.Description;
import io.undercurrent.kind.Work;
import io.undercurrent.sql.Column;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.TableNames;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A one-shot: columns that become NOT NULL, by way of a CHECK, which spares SET NOT NULL its own
 * look at all rows under a lock that nobody else can share.
 *
 * @param table the table, as written in SQL
 * @param columns the columns, as in the catalogue
 * @param line where it stands in its file
 */
record NotNull(String table, List<String> columns, int line) implements Work {

  private static final String OURS = "undercurrent_not_null_";
  private static final int LONGEST = 63;

  /** The CHECK, whose name shows whose it is; long names are cut and told apart by a sum. */
  String check() {
    var name = OURS + String.join(",", columns);
    if (name.getBytes(UTF_8).length <= LONGEST) {
      return name;
    }
    var sum = new CRC32();
    sum.update(name.getBytes(UTF_8));
    return OURS + "%08x".formatted(sum.getValue());
  }

  /** That of a composite type, too, whose fields IS NOT NULL would ask for. */
  String addCheck() {
    return AddedConstraint.action(
        check(),
        columns.stream()
            .map(column -> Column.quoted(column) + " IS DISTINCT FROM NULL")
            .collect(joining(" AND ", "CHECK (", ")")));
  }

  String setNotNull() {
    return columns.stream()
        .map(column -> "ALTER " + Column.quoted(column) + " SET NOT NULL")
        .collect(joining(", "));
  }

  /** The CHECK that an update has left, if there is one. */
  Optional<Constraint> left(JdbcTemplate jdbc, ConstrainedTable of) {
    return Constraint.find(jdbc, of.oid(), check()).filter(Constraint::isCheck);
  }

  @Override
  public Description describe(Function<Sql, String> shortened) {
    var steps =
        Stream.of(
                addCheck().replace('\n', ' '),
                Constraint.validate(check()),
                setNotNull(),
                Constraint.drop(check()))
            .map(step -> "ALTER TABLE " + table + " " + step)
            .collect(joining("\n"));
    return Description.of("not-null", "one-shot: columns that become NOT NULL")
        .fact("table", table)
        .fact("columns", String.join(", ", columns))
        .fact("steps", steps)
        .field("table", table)
        .field("columns", columns)
        .field("constraint", check());
  }

  @Override
  public List<String> tables(JdbcTemplate jdbc, Map<String, Object> values) {
    return TableNames.qualified(jdbc, List.of(table));
  }

  @Override
  public void check(CheckContext check) {
    check.attemptOn(line, table, () -> ColumnState.of(check.jdbc(), this).table());
    check.earlier().indexes(check.update().name(), table, null);
  }

  @Override
  public boolean mayRecur() {
    return false;
  }

  @Override
  public Step step(JobRepository repository, UpdateContext update) {
    return new DdlStep(repository, update, stop -> new NotNullChange(update, this).run());
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
    return new CancelledConstraint(database, time).drop(this);
  }
}
