package io.undercurrent;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.Distribution;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that ends well has left the right rows: by what an operator starts, reads and finds. */
@PostgresTest
class RightRowsIT {

  /** A process that ends soon is done before the second compiler pays. */
  private static final Map<String, String> STARTS_FAST =
      Map.of("JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");

  @TempDir private static Path directory;

  private static Distribution distribution;
  private Database database;

  @BeforeAll
  static void unpack() throws Exception {
    distribution = Distribution.unpack(directory);
    Files.createDirectory(directory.resolve("jobs"));
  }

  @BeforeEach
  void configure(TestDatabases databases) throws Exception {
    var superusers = databases.createEmpty();
    database = databases.as("right_rows", superusers);
    Rows.run(
        superusers,
        """
        DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO right_rows', current_database()); END $$""",
        "ALTER SCHEMA public OWNER TO right_rows");
    Files.writeString(
        distribution.file("config/application.yaml"),
        """
        undercurrent:
          jobs-directory: "%s"
          background-updates: {sleep-enabled: false}
          databases:
            - {name: main, url: "%s", username: right_rows}
        """
            .formatted(directory.resolve("jobs"), database.settings().url()));
  }

  @Test
  void refusesToStartWhatWouldLeaveWrongRows() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE numbers (id int PRIMARY KEY, n int)",
        "CREATE TABLE secrets (id int PRIMARY KEY, n int)",
        "ALTER TABLE secrets ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE secrets FORCE ROW LEVEL SECURITY");
    job("whole_table", "numbers", "id", "UPDATE numbers SET n = n + 1");
    job(
        "moving_key",
        "numbers",
        "id",
        "UPDATE numbers SET id = numbers.id + 1 FROM chunk WHERE numbers.id = chunk.id");
    job(
        "hidden_rows",
        "secrets",
        "id",
        "UPDATE secrets SET n = 1 FROM chunk WHERE secrets.id = chunk.id");

    assertRefused("whole_table", "chunk");
    assertRefused("moving_key", "'id'");
    assertRefused("hidden_rows", "row-level security");
    assertThat(undercurrent("queue").out()).doesNotContain("_");
  }

  private void assertRefused(String job, String word) throws Exception {
    var start = undercurrent("start", job);

    assertThat(start.exitCode()).isEqualTo(1);
    assertThat(start.err()).contains(job).contains(word);
  }

  @Test
  void leavesTheRightRowsOrSaysWhyNot() throws Exception {
    mixedCaseKeys();
    shadowingTable();
    exactNumbers();
    missedRows();
    halfAKey();
    equalKeys();
    var started =
        distribution.undercurrent(
            STARTS_FAST,
            """
            start mixed_case_keys
            start shadowing_table
            start customers
            start exact_numbers
            start missed_rows
            start half_a_key
            start equal_keys
            """);
    assertThat(started.exitCode()).as(started.err()).isZero();

    var run = undercurrent("run");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out() + run.err()).contains("0 rows changed");
    assertThat(Rows.of(database, OUTCOMES))
        .containsExactly(
            "customers COMPLETED 250",
            "equal_keys FAILED 0",
            "exact_numbers COMPLETED 1000",
            "half_a_key FAILED 0",
            "missed_rows COMPLETED 0",
            "mixed_case_keys COMPLETED 1000",
            "shadowing_table COMPLETED");
    assertThat(Rows.of(database, "SELECT count(*) FROM accounts WHERE done"))
        .containsExactly("1000");
    assertThat(Rows.of(database, "SELECT sum(n) FROM public.customers")).containsExactly("250");
    assertThat(
            Rows.of(
                database,
                "SELECT count(*) FROM measures JOIN copied USING (id) WHERE measures.v = copied.v"))
        .containsExactly("1000");
    assertThat(Rows.of(database, "SELECT count(*) FROM pairs WHERE n > 0")).containsExactly("0");
  }

  private static final String OUTCOMES =
      """
      SELECT concat_ws(' ', update_name, status,
                       CASE WHEN update_name <> 'shadowing_table' THEN write_count END)
        FROM undercurrent.update_history
       ORDER BY 1""";

  private void mixedCaseKeys() throws Exception {
    Rows.run(
        database,
        "CREATE SCHEMA extensions",
        "CREATE EXTENSION citext SCHEMA extensions",
        "CREATE TABLE accounts (email extensions.citext PRIMARY KEY, done boolean)",
        """
        INSERT INTO accounts (email)
        SELECT CASE WHEN i % 2 = 0 THEN 'User' ELSE 'user' END || lpad(i::text, 5, '0')
          FROM generate_series(1, 1000) AS i""");
    job(
        "mixed_case_keys",
        "accounts",
        "email",
        "UPDATE accounts SET done = true FROM chunk WHERE accounts.email = chunk.email");
  }

  private void shadowingTable() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE customers (id int PRIMARY KEY, n int NOT NULL DEFAULT 0)",
        "INSERT INTO customers SELECT generate_series(1, 250)");
    file("shadowing_table", "run: CREATE TEMP TABLE customers (LIKE customers INCLUDING ALL)");
    job(
        "customers",
        "customers",
        "id",
        "UPDATE customers SET n = n + 1 FROM chunk WHERE customers.id = chunk.id");
  }

  private void exactNumbers() throws Exception {
    Rows.run(
        database,
        """
        DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET extra_float_digits = 0',
                                   current_database()); END $$""",
        "CREATE TABLE measures (id int PRIMARY KEY, v float8)",
        "INSERT INTO measures SELECT i, 1.0 / i FROM generate_series(1, 1000) AS i",
        "CREATE TABLE copied (id int PRIMARY KEY, v float8)");
    file(
        "exact_numbers",
        """
            read: {sql: "SELECT id, v FROM measures", key: [id]}
            write: INSERT INTO copied SELECT id, v FROM chunk""");
  }

  private void missedRows() throws Exception {
    job(
        "missed_rows",
        "customers",
        "id",
        "UPDATE customers SET n = 7 FROM chunk WHERE customers.id = -chunk.id");
  }

  private void halfAKey() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE pairs (a int, b int, n int NOT NULL DEFAULT 0, PRIMARY KEY (a, b))",
        "INSERT INTO pairs SELECT a, b FROM generate_series(1, 9) a, generate_series(1, 30) b");
    file(
        "half_a_key",
        """
            read: {table: pairs, key: [a, b]}
            write: UPDATE pairs SET n = n + 1 FROM chunk WHERE pairs.a = chunk.a
            expect: {changed-per-item: 1}""");
  }

  private void equalKeys() throws Exception {
    Rows.run(
        database,
        "CREATE COLLATION caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
        "CREATE TABLE names (id int PRIMARY KEY, name text COLLATE caseless)",
        """
        INSERT INTO names
        SELECT i, CASE WHEN i % 2 = 0 THEN 'NAME' ELSE 'name' END || lpad(((i + 1) / 2)::text, 5, '0')
          FROM generate_series(2, 400) AS i""",
        "CREATE TABLE seen (name text)");
    file(
        "equal_keys",
        """
            read: {sql: "SELECT name FROM names", key: [name]}
            write: INSERT INTO seen SELECT name FROM chunk""");
  }

  @Test
  void keepsWhatTheApplicationCommitsBetweenReadAndWrite() throws Exception {
    Rows.run(
        database,
        "CREATE TABLE members (id int PRIMARY KEY, domain text)",
        "INSERT INTO members (id) SELECT generate_series(1, 50)");
    file(
        "fill_domains",
        """
            read: {table: members, key: [id], where: domain IS NULL}
            write: UPDATE members SET domain = 'filled' FROM chunk WHERE members.id = chunk.id""");
    assertThat(undercurrent("start", "fill_domains").exitCode()).isZero();
    CompletableFuture<Distribution.Result> run;
    try (Connection application = database.connect("application");
        Statement statement = application.createStatement()) {
      application.setAutoCommit(false);
      statement.execute("UPDATE members SET domain = 'mine' WHERE id = 25");
      run = CompletableFuture.supplyAsync(this::run);
      Rows.await(
          database, "SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'");
      application.commit();
    }

    assertThat(run.get().exitCode()).isZero();
    assertThat(
            Rows.of(
                database,
                "SELECT domain || ' ' || count(*) FROM members GROUP BY domain ORDER BY domain"))
        .containsExactly("filled 49", "mine 1");
  }

  private Distribution.Result run() {
    try {
      return undercurrent("run");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Distribution.Result undercurrent(String... words) throws Exception {
    return distribution.undercurrent(STARTS_FAST, "", words);
  }

  private void job(String name, String table, String key, String write) throws Exception {
    file(name, "read: {table: %s, key: [%s]}\nwrite: %s".formatted(table, key, write));
  }

  private void file(String name, String work) throws Exception {
    Files.writeString(
        directory.resolve("jobs").resolve(name + ".yaml"),
        "updates:\n  - name: %s\n%s".formatted(name, work.indent(4)));
  }
}
