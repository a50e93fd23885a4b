package io.undercurrent.kind;

import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.iteration.OneShotStep;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.SqlTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;

/**
 * Notifies the sessions that listen, once.
 *
 * @param channel on which they listen
 * @param payload a query for what they are sent
 */
record Notify(String channel, Sql payload) implements Work {

  @Override
  public Description describe(Function<Sql, String> shortened) {
    return Description.of("notify", "one-shot: a notification")
        .fact("notifies", "%s of %s".formatted(channel, shortened.apply(payload)))
        .field("channel", channel)
        .field("payload", payload.text());
  }

  @Override
  public void check(CheckContext check) {
    check.attempt(
        payload.line(),
        () -> {
          var query = query(check.values());
          query.explain(check.jdbc());
          return query;
        });
  }

  @Override
  public Step step(JobRepository repository, UpdateContext update) {
    return new OneShotStep(repository, update) {

      @Override
      protected ChangedRows work() {
        query(update.values()).query(update.jdbc(), (row, number) -> row.getString(1));
        return ChangedRows.NONE;
      }
    };
  }

  private BoundSql query(Map<String, Object> values) {
    var template = SqlTemplate.parse(payload.text(), values);
    var bound = BoundSql.of(template, values);
    var parameters = new ArrayList<Object>(List.of(channel));
    parameters.addAll(bound.parameters());
    return BoundSql.of("SELECT pg_notify(?, CAST((" + bound.text() + "\n) AS text))", parameters);
  }
}
