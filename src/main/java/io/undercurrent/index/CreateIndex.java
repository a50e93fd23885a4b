package io.undercurrent.index;

import io.undercurrent.database.Database;
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
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A one-shot: an index, built concurrently on a session of its own. Names are as in the catalogue,
 * not as SQL would write them, but for the table's.
 *
 * @param table the table, as written in SQL
 * @param name the index, which belongs to the table's schema
 * @param parts what it indexes, at least one column or expression
 * @param where which rows it has, or null for all
 * @param unique whether no two rows may be equal in it
 * @param using the access method, or null for the server's default
 * @param include columns that it only carries
 * @param with its storage parameters
 * @param replaces an index of the same table to drop once this one is valid, or null
 * @param line where it stands in its file
 */
public record CreateIndex(
    String table,
    String name,
    @Part("columns") List<IndexPart> parts,
    @Nullable Sql where,
    boolean unique,
    @Nullable String using,
    List<String> include,
    Map<String, String> with,
    @Nullable String replaces,
    int line)
    implements Work {

  @Override
  public Description describe(Function<Sql, String> shortened) {
    return new IndexDescription(this).describe(shortened);
  }

  @Override
  public List<String> tables(JdbcTemplate jdbc, Map<String, Object> values) {
    return TableNames.qualified(jdbc, List.of(table));
  }

  @Override
  public void check(CheckContext check) {
    check.attempt(line, () -> checked(check));
    check.earlier().indexes(check.update().name(), table, firstColumn());
  }

  private String checked(CheckContext check) {
    var rules = new IndexRules(check.jdbc(), WantedIndex.of(check.jdbc(), this, check.values()));
    rules
        .nothingToReplace()
        .ifPresent(sentence -> check.refuse(line, sentence, check.earlier().maker()));
    return rules.check();
  }

  private @Nullable String firstColumn() {
    return parts.get(0).column();
  }

  @Override
  public boolean mayRecur() {
    return false;
  }

  @Override
  public Step step(JobRepository repository, UpdateContext update) {
    return new DdlStep(repository, update, stop -> new IndexBuild(update, this, stop).run());
  }

  /** A build that is cut leaves an INVALID index. */
  @Override
  public Timeouts timeouts(UpdateSettings update, Duration target) {
    return Timeouts.NONE;
  }

  @Override
  public String builds() {
    return name;
  }

  @Override
  public Optional<String> clear(Database database, boolean underWay, TimeSource time) {
    return new CancelledBuild(database, this, underWay, time).clear();
  }

  /** The same index, but of another name: that of a partition. */
  CreateIndex named(String other) {
    return new CreateIndex(table, other, parts, where, unique, using, include, with, null, line);
  }

  /** The same index of other parts. */
  CreateIndex of(List<IndexPart> others) {
    return new CreateIndex(
        table, name, others, where, unique, using, include, with, replaces, line);
  }
}
