package io.undercurrent.peers;

import static java.util.stream.Collectors.joining;

import io.undercurrent.database.Database;
import io.undercurrent.peers.Workload.KeyColumn;
import io.undercurrent.testing.Rows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What is written instead of Undercurrent, as somebody would who knows PostgreSQL. */
final class Scripts {

  private static final int ROWS = 5_000;

  private final Database database;

  Scripts(Database database) {
    this.database = database;
  }

  /** One statement, one transaction. */
  Contender oneStatement() {
    return Contender.of(
        "one statement",
        workload -> Contender.timed(() -> Rows.run(database, workload.statement(null))));
  }

  /** A loop in the server: ranges of so many keys, a COMMIT after each. */
  Contender loop() {
    return Contender.of("PL/pgSQL loop", workload -> procedure(ranges(workload, "", "false")));
  }

  /** A loop in the server: so many rows that match, a COMMIT after each. */
  Contender loopOverMatches() {
    return Contender.of(
        "PL/pgSQL, matches",
        workload -> procedure(ranges(workload, "(" + workload.where() + ") AND ", "false")));
  }

  /**
   * The loop in the server for each half of the ids, in two sessions: what two lanes may come to.
   */
  Contender twoLoops() {
    return Contender.of(
        "two PL/pgSQL loops",
        workload -> {
          var middle =
              database.jdbc().sql("SELECT max(id) / 2 FROM work").query(Long.class).single();
          half(workload, 0, "0", "id <= " + middle, "upto_id > " + middle);
          half(workload, 1, String.valueOf(middle), null, "false");
          return Contender.timed(
              () -> {
                var other =
                    CompletableFuture.runAsync(() -> Rows.run(database, "CALL work_off_0()"));
                Rows.run(database, "CALL work_off_1()");
                other.join();
              });
        });
  }

  private void half(
      Workload workload, int number, String after, @Nullable String where, String end) {
    var half =
        new Workload(
            workload.name(),
            workload.create(),
            workload.fill(),
            List.of(new KeyColumn("id", "bigint", after)),
            workload.set(),
            where,
            workload.done());
    Rows.run(
        database,
        "CREATE OR REPLACE PROCEDURE work_off_%d() LANGUAGE plpgsql AS $p$%s$p$"
            .formatted(number, ranges(half, "", end)));
  }

  private double procedure(String body) throws Exception {
    Rows.run(
        database,
        "CREATE OR REPLACE PROCEDURE work_off() LANGUAGE plpgsql AS $p$%s$p$".formatted(body));
    return Contender.timed(() -> Rows.run(database, "CALL work_off()"));
  }

  /**
   * A loop over ranges, the last of which has no end.
   *
   * @param condition which rows are counted
   * @param end whether the range that was found is the last one
   */
  private static String ranges(Workload workload, String condition, String end) {
    var after = columns(workload, "after_");
    var declared =
        workload.key().stream()
            .map(
                column ->
                    "after_%1$s %2$s := %3$s;\nupto_%1$s %2$s;\n"
                        .formatted(column.name(), column.type(), column.least()))
            .collect(joining());
    var upto = columns(workload, "upto_");
    var above = "(%s) > (%s)".formatted(workload.keys(), after);
    var moved =
        workload.key().stream()
            .map(column -> "after_%1$s := upto_%1$s;\n".formatted(column.name()))
            .collect(joining());
    return """

        DECLARE
        %s
        BEGIN
          LOOP
            SELECT %s INTO %s FROM work WHERE %s%s ORDER BY %s OFFSET %d LIMIT 1;
            IF NOT FOUND OR %s THEN
              %s;
              COMMIT;
              EXIT;
            END IF;
            %s;
            COMMIT;
            %s
          END LOOP;
        END """
        .formatted(
            declared,
            workload.keys(),
            upto,
            condition,
            above,
            workload.keys(),
            ROWS - 1,
            end,
            workload.statement(above),
            workload.statement(above + " AND (%s) <= (%s)".formatted(workload.keys(), upto)),
            moved);
  }

  private static String columns(Workload workload, String prefix) {
    return workload.key().stream().map(column -> prefix + column.name()).collect(joining(", "));
  }

  /** The loop over ranges in a program: two statements and a COMMIT for so many keys. */
  Contender jdbcLoop() {
    return Contender.of("JDBC loop", workload -> Contender.timed(() -> loop(workload)));
  }

  private void loop(Workload workload) throws SQLException {
    var marks = workload.key().stream().map(Scripts::mark).collect(joining(", "));
    var above = "(%s) > (%s)".formatted(workload.keys(), marks);
    var range = above + " AND (%s) <= (%s)".formatted(workload.keys(), marks);
    var next =
        "SELECT %1$s FROM work WHERE %2$s ORDER BY %1$s OFFSET %3$d LIMIT 1"
            .formatted(workload.keys(), above, ROWS - 1);
    try (var connection = database.connect("peers");
        var end = connection.prepareStatement(next);
        var write = connection.prepareStatement(workload.statement(range));
        var rest = connection.prepareStatement(workload.statement(above))) {
      connection.setAutoCommit(false);
      var after = least(connection, workload);
      for (var upto = key(end, after); !upto.isEmpty(); upto = key(end, after)) {
        bind(write, after, 0);
        bind(write, upto, after.size());
        write.executeUpdate();
        connection.commit();
        after = upto;
      }
      bind(rest, after, 0);
      rest.executeUpdate();
      connection.commit();
    }
  }

  private static String mark(KeyColumn column) {
    return "CAST(? AS " + column.type() + ")";
  }

  private static List<Object> least(Connection connection, Workload workload) throws SQLException {
    var sql =
        "SELECT "
            + workload.key().stream()
                .map(column -> "CAST(%s AS %s)".formatted(column.least(), column.type()))
                .collect(joining(", "));
    try (var statement = connection.prepareStatement(sql)) {
      return key(statement, List.of());
    }
  }

  private static List<Object> key(PreparedStatement statement, List<Object> after)
      throws SQLException {
    bind(statement, after, 0);
    try (var rows = statement.executeQuery()) {
      var key = new ArrayList<Object>();
      if (rows.next()) {
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          key.add(rows.getObject(i));
        }
      }
      return key;
    }
  }

  private static void bind(PreparedStatement statement, List<Object> key, int before)
      throws SQLException {
    for (var i : IntStream.range(0, key.size()).toArray()) {
      statement.setObject(before + i + 1, key.get(i));
    }
  }
}
