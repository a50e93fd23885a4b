package io.undercurrent.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.undercurrent.command.Actions;
import io.undercurrent.command.Actions.Change;
import io.undercurrent.command.Operator;
import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The tables of a Matrix homeserver, filled with invented rooms.
 *
 * <p>The rows follow from the number of rooms alone: the same number gives the same rows. They are
 * for jobs to work on; a real homeserver would not start on them.
 */
public final class SampleHomeserver {

  /** The homeserver's name, as in {@code undercurrent.homeserver.server-name}. */
  public static final String SERVER_NAME = "sample.test";

  /** The sender of the homeserver's only application service. */
  public static final String APPSERVICE_SENDER = "@ircbot:sample.test";

  /** The users that belong to the application service alone, as a regular expression. */
  public static final String APPSERVICE_EXCLUSIVE_USERS = "@irc_.*";

  private static final List<Script> SCRIPTS =
      List.of(
          new Script("tables", "1-tables.sql"),
          new Script("users", "2-users.sql"),
          new Script("rooms", "3-rooms.sql"),
          new Script("state", "4-state.sql"),
          new Script("members", "5-members.sql"),
          new Script("indexes", "6-indexes.sql"));
  private static final Pattern CREATED_TABLE = Pattern.compile("(?m)^CREATE TABLE (\\w+)");
  private static final Duration SCRIPT_TIMEOUT = Duration.ofHours(2);

  private final Database database;

  public SampleHomeserver(Database database) {
    this.database = database;
  }

  /**
   * Makes the tables and fills them, in one transaction: a failure or a kill leaves nothing behind.
   * The transaction records the operator too.
   *
   * @param rooms how many rooms; members and everything else grow with them
   * @param progress called after each step, on the caller's thread
   * @throws RefusedException if the database has such tables already, if the number is below 1, or
   *     if the database cannot be used
   */
  public Loaded load(int rooms, Consumer<Step> progress) {
    if (rooms < 1) {
      throw new RefusedException(
          "Expected a number of rooms above 0 for the sample, got %d".formatted(rooms));
    }
    var start = System.nanoTime();
    try (var connection = database.connect("undercurrent sample")) {
      connection.setNetworkTimeout(Runnable::run, (int) SCRIPT_TIMEOUT.toMillis());
      refuseOtherTables(connection);
      database.prepare();
      fill(connection, rooms, progress);
      // Only now may index-only scans leave the tables alone, as on a homeserver of some age.
      timed("vacuum", progress, () -> execute(connection, "VACUUM " + String.join(", ", tables())));
      return new Loaded(rooms, count(connection), since(start));
    } catch (SQLException e) {
      throw new RefusedException(
          "Database '%s': the sample could not be loaded: %s"
              .formatted(database.name(), SqlFailure.of(e).sentence()),
          e);
    }
  }

  private void refuseOtherTables(Connection connection) throws SQLException {
    var sql =
        """
        SELECT coalesce(string_agg(name, ', ' ORDER BY name), '')
          FROM unnest(?) AS name
         WHERE to_regclass(name) IS NOT NULL""";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("text", tables().toArray()));
      try (var found = statement.executeQuery()) {
        found.next();
        if (!found.getString(1).isEmpty()) {
          throw new RefusedException(
              "Database '%s': expected a database without the sample's tables, found %s. Load the sample into an empty database"
                  .formatted(database.name(), found.getString(1)));
        }
      }
    }
  }

  private static void fill(Connection connection, int rooms, Consumer<Step> progress)
      throws SQLException {
    connection.setAutoCommit(false);
    try (var statement =
        connection.prepareStatement(
            """
            SELECT set_config('undercurrent.sample_rooms', ?, true),
                   set_config('statement_timeout', '0', true),
                   CASE WHEN current_setting('transaction_timeout', true) IS NOT NULL
                        THEN set_config('transaction_timeout', '0', true) END""")) {
      statement.setString(1, String.valueOf(rooms));
      statement.execute();
    }
    for (var script : SCRIPTS) {
      timed(script.step(), progress, () -> execute(connection, script.read()));
    }
    record(connection, rooms);
    connection.commit();
    connection.setAutoCommit(true);
  }

  private static void record(Connection connection, int rooms) {
    var jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
    new Actions(jdbc, Operator.ofThisProcess())
        .record(new Change("sample", SERVER_NAME, null, "rooms: " + rooms, null));
  }

  private static Map<String, Long> count(Connection connection) throws SQLException {
    var rows = new LinkedHashMap<String, Long>();
    for (var table : tables()) {
      try (var statement = connection.createStatement();
          var found = statement.executeQuery("SELECT count(*) FROM " + table)) {
        found.next();
        rows.put(table, found.getLong(1));
      }
    }
    return rows;
  }

  private static void timed(String step, Consumer<Step> progress, SqlWork work)
      throws SQLException {
    var start = System.nanoTime();
    work.run();
    progress.accept(new Step(step, since(start)));
  }

  private static void execute(Connection connection, String script) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(script);
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** The tables that the sample makes, in the order in which it makes them. */
  static List<String> tables() {
    return CREATED_TABLE
        .matcher(SCRIPTS.get(0).read())
        .results()
        .map((MatchResult created) -> created.group(1))
        .toList();
  }

  /** The names of the steps, in order. */
  public static List<String> steps() {
    var steps = new ArrayList<>(SCRIPTS.stream().map(Script::step).toList());
    steps.add("vacuum");
    return List.copyOf(steps);
  }

  /**
   * A step of loading that is done.
   *
   * @param name what it made, one of {@link #steps()}
   * @param duration how long it took
   */
  public record Step(String name, Duration duration) {}

  /**
   * What was loaded.
   *
   * @param rooms how many rooms were asked for
   * @param rows how many rows each table has, by the table's name
   * @param duration how long it took in all
   */
  public record Loaded(int rooms, Map<String, Long> rows, Duration duration) {}

  private record Script(String step, String file) {

    String read() {
      try {
        return new ClassPathResource("db/sample/" + file).getContentAsString(UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @FunctionalInterface
  private interface SqlWork {
    void run() throws SQLException;
  }
}
