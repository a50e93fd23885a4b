package io.undercurrent;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.testing.Rows;
import org.junit.jupiter.api.Test;

/** A run that ends well has left the right rows: by what an operator starts, reads and finds. */
class RightRowsIT extends OperatorsPlace {

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
        script(
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
}
