package io.undercurrent.run;

import io.undercurrent.kind.CheckContext;
import io.undercurrent.kind.Concern;
import io.undercurrent.plan.ChangeEstimate;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.SqlTemplate;
import io.undercurrent.sql.Words;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Warns of a statement that keeps the application from a table while it works through all of it,
 * and of one that changes many rows at once. A table that is empty, or that an earlier statement of
 * the job makes, keeps nobody waiting.
 */
final class LockCheck {

  private static final long MANY = 10_000;

  private final CheckContext check;
  private final Sql sql;
  private final TableFacts tables;

  LockCheck(CheckContext check, Sql sql) {
    this.check = check;
    this.sql = sql;
    this.tables = new TableFacts(check.jdbc());
  }

  /**
   * Warns of a statement.
   *
   * @param planned whether it has a plan that may be asked for
   */
  boolean run(BoundSql statement, boolean planned) {
    if (planned) {
      warnOfManyRows(statement);
    } else {
      sentences(new SqlTemplate(sql.text(), List.of()))
          .forEach(sentence -> check.warn(sql.line(), Concern.STRONG_LOCK, sentence));
    }
    return true;
  }

  private void warnOfManyRows(BoundSql statement) {
    var estimate = ChangeEstimate.of(check.jdbc(), statement);
    if (estimate.rows() < MANY || estimate.tables().stream().allMatch(check.earlier()::makes)) {
      return;
    }
    check.warn(
        sql.line(),
        Concern.MANY_ROWS,
        String.format(
            Locale.ROOT,
            "about %,d rows change in one transaction, which keeps them locked until its end, and what it has done is lost if it is stopped. Change them in chunks, with %s",
            estimate.rows(),
            cure(new SqlTemplate(sql.text(), List.of()))));
  }

  private static String cure(SqlTemplate statement) {
    return switch (statement.keyword()) {
      case "UPDATE" -> "'update:'";
      case "DELETE" -> "'delete:'";
      default -> "'update:', 'delete:' or 'read:' and 'write:'";
    };
  }

  private List<String> sentences(SqlTemplate statement) {
    var words = Words.of(statement);
    return switch (words.next()) {
      case "ALTER" -> words.accept("TABLE") ? alterTable(words) : List.of();
      case "CREATE" -> createIndex(words).stream().toList();
      case "REINDEX" -> reindex(words).stream().toList();
      case "CLUSTER" -> cluster(words).stream().toList();
      case "REFRESH" -> refresh(words).stream().toList();
      default -> List.of();
    };
  }

  private List<String> alterTable(Words words) {
    words.accept("IF", "EXISTS");
    var only = words.accept("ONLY");
    var table = words.name();
    words.accept("*");
    return isAtStake(table, only)
        ? words.list().stream()
            .flatMap(
                change ->
                    new TableChange(tables, table, check.earlier().validates(table))
                        .sentence(change).stream())
            .toList()
        : List.of();
  }

  private boolean isAtStake(String table, boolean only) {
    return !check.earlier().makes(table) && tables.haveRows(table, only);
  }

  private Optional<String> of(String table, String sentence) {
    return of(table, false, sentence);
  }

  private Optional<String> of(String table, boolean only, String sentence) {
    return isAtStake(table, only) ? Optional.of(sentence.formatted(table)) : Optional.empty();
  }

  private Optional<String> createIndex(Words words) {
    words.accept("UNIQUE");
    if (!words.accept("INDEX") || !words.skipTo("ON")) {
      return Optional.empty();
    }
    var only = words.accept("ONLY");
    return of(
        words.name(),
        only,
        "CREATE INDEX has who writes to %s wait until it is built. Build it with 'create-index:', which does so concurrently");
  }

  private Optional<String> reindex(Words words) {
    words.parenthesized();
    var kind = words.next();
    return of(
        words.name(),
        "REINDEX keeps the application from %s until it is done. Use 'outside-transaction:' with REINDEX "
            + kind
            + " CONCURRENTLY");
  }

  private Optional<String> cluster(Words words) {
    words.parenthesized();
    words.accept("VERBOSE");
    var name = words.name();
    return of(
        words.accept("ON") ? words.name() : name,
        "CLUSTER keeps the application from %s until it is done. 'outside-transaction:' with VACUUM lets it work, and gives space back for new rows");
  }

  private Optional<String> refresh(Words words) {
    words.accept("MATERIALIZED", "VIEW");
    return words.accept("CONCURRENTLY")
        ? Optional.empty()
        : of(
            words.name(),
            "REFRESH MATERIALIZED VIEW has who reads %s wait until it is done. Use REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on the view");
  }
}
