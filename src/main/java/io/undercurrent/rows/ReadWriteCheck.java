package io.undercurrent.rows;

import io.undercurrent.advice.ChunkAdvice;
import io.undercurrent.kind.CheckContext;
import io.undercurrent.kind.Concern;
import io.undercurrent.page.KeysetPages;
import io.undercurrent.page.Read;
import io.undercurrent.plan.SlowPlan;
import io.undercurrent.plan.StatementPlan;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Sql;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemStream;
import org.springframework.batch.infrastructure.item.ItemWriter;

/** Plans every statement that reads or writes a chunk; runs none. */
final class ReadWriteCheck {

  private final CheckContext check;
  private final ReadWrite work;
  private final int line;

  ReadWriteCheck(CheckContext check, ReadWrite work) {
    this.check = check;
    this.work = work;
    this.line = check.update().line();
  }

  void run() {
    requireBeans();
    if (work.expect() != null && work.write() instanceof Write.Statements statements) {
      statements.statements().forEach(this::requireCounted);
    }
    var pages = checkRead();
    pages.ifPresent(this::checkEdges);
    pages.ifPresent(this::checkWrite);
    if (check.isSound()) {
      pages
          .flatMap(
              read -> check.attempt(line, () -> Guard.of(check.jdbc(), work, read, check.values())))
          .ifPresent(this::checkLanes);
    }
    if (check.isSound()) {
      pages.ifPresent(this::advise);
    }
  }

  private void requireBeans() {
    if (work.process() != null) {
      check.requireBean(line, work.process().bean(), ItemProcessor.class);
    }
    if (work.write() instanceof Write.Bean bean) {
      check.requireBean(line, bean.name(), ItemWriter.class);
    }
  }

  private void checkLanes(Guard guard) {
    if (check.update().lanes() > 1) {
      LaneRule.of(check.jdbc(), guard.pages(), guard.footprint(), keepsState())
          .reason()
          .ifPresent(
              reason ->
                  check.refuse(
                      line,
                      "expected what can be worked on in several lanes, found that %s. Leave out 'lanes'"
                          .formatted(reason),
                      null));
    }
  }

  private boolean keepsState() {
    return work.process() != null
            && check.bean(work.process().bean(), ItemProcessor.class) instanceof ItemStream
        || work.write() instanceof Write.Bean bean
            && check.bean(bean.name(), ItemWriter.class) instanceof ItemStream;
  }

  private void requireCounted(Sql sql) {
    check.attempt(sql.line(), () -> SetBasedWriter.requireCounted(sql.text(), check.values()));
  }

  /** How it is read; empty if that cannot be found out. */
  private Optional<KeysetPages> checkRead() {
    if (work.read() instanceof Read.Table table && table.where() != null) {
      var where = table.where();
      var all = table.unfiltered();
      return check
          .attemptOn(line, table.table(), () -> pages(all))
          .flatMap(any -> check.attempt(where.line(), this::planned));
    }
    if (work.read() instanceof Read.Csv) {
      return check.attempt(line, this::planned);
    }
    return work.read() instanceof Read.Query query
        ? check.attempt(query.sql().line(), () -> inOrder(query, planned()))
        : check.attemptOn(line, ((Read.Table) work.read()).table(), this::planned);
  }

  private void checkEdges(KeysetPages pages) {
    pages
        .edges()
        .all()
        .forEach(
            edge ->
                check.attempt(
                    edge.line(),
                    () -> {
                      edge.query().explain(check.jdbc());
                      return edge;
                    }));
  }

  private KeysetPages pages(Read read) {
    return KeysetPages.of(check.jdbc(), read, check.values());
  }

  private KeysetPages planned() {
    var pages = pages(work.read());
    pages.check(check.jdbc());
    return pages;
  }

  /** What no index has in order is read and sorted as a whole, even for a single row. */
  private KeysetPages inOrder(Read.Query query, KeysetPages pages) {
    var plan = SlowPlan.of(check.jdbc(), pages.sql().page(null, 1));
    if (!plan.findings().isEmpty()) {
      check.refuse(
          query.sql().line(),
          Concern.SLOW_PLAN,
          "expected an index that gives the rows of 'read.sql' in the order of (%s), found a plan that %s for each chunk. Build such an index before, with 'create-index:', or have a 'run:' before collect the keys in a table"
              .formatted(String.join(", ", query.key()), plan.words()),
          plan.tables());
    }
    return pages;
  }

  private void checkWrite(KeysetPages pages) {
    if (work.write() instanceof Write.Statements statements) {
      check
          .attempt(line, () -> new WriteRule(check.jdbc(), work.read(), pages, check.values()))
          .ifPresent(rule -> statements.statements().forEach(sql -> checkWrite(rule, sql)));
    }
  }

  private void checkWrite(WriteRule rule, Sql sql) {
    check.attempt(sql.line(), () -> rule.check(sql.text()));
  }

  private void advise(KeysetPages pages) {
    var advice = new ChunkAdvice(check);
    advice.read(readLine(), pages.typical(check.jdbc()).stream().map(this::plan));
    if (work.write() instanceof Write.Statements statements) {
      for (var sql : statements.statements()) {
        var onNothing = SetBasedWriter.onNothing(sql.text(), pages.columns(), check.values());
        advice.write(sql, onNothing, StatementPlan.of(check.jdbc(), onNothing));
      }
    }
  }

  private Supplier<SlowPlan> plan(BoundSql page) {
    return () ->
        work.read() instanceof Read.Query
            ? SlowPlan.ofLaterPage(check.jdbc(), page)
            : SlowPlan.ofChunk(check.jdbc(), page);
  }

  private int readLine() {
    if (work.read() instanceof Read.Table table) {
      return table.where() == null ? line : table.where().line();
    }
    return work.read() instanceof Read.Query query ? query.sql().line() : line;
  }
}
