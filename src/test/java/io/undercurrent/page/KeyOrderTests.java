package io.undercurrent.page;

import static io.undercurrent.page.Reading.jdbc;
import static io.undercurrent.page.Reading.pages;
import static io.undercurrent.page.Reading.query;
import static io.undercurrent.page.Reading.table;
import static io.undercurrent.page.Reading.tableWhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@PostgresTest
class KeyOrderTests {

  private static final String MAIL =
      "concat(CASE n % 2 WHEN 0 THEN 'User' ELSE 'user' END, to_char(n, 'FM00000'))";

  @BeforeEach
  void createTypes(Database database) {
    Rows.run(
        database,
        "CREATE SCHEMA extensions",
        "CREATE EXTENSION citext SCHEMA extensions",
        "CREATE EXTENSION ltree SCHEMA extensions",
        "CREATE DOMAIN mail AS extensions.citext");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "extensions.citext | " + MAIL,
        "mail              | " + MAIL,
        "extensions.ltree  | CAST(concat('a.', n) AS extensions.ltree)"
      })
  void readsEveryKeyWhoseOperatorsAreNotOnTheSearchPath(
      String type, String value, Database database) {
    Rows.run(
        database,
        "CREATE TABLE accounts (email " + type + " PRIMARY KEY)",
        "INSERT INTO accounts SELECT %s FROM generate_series(1, 1000) n".formatted(value));
    var sorted =
        Rows.of(database, "SELECT CAST(email AS text) FROM accounts ORDER BY accounts.email");

    for (var read :
        List.<Read>of(
            table("accounts", "email"),
            tableWhere("email IS NOT NULL", "accounts", "email"),
            query("SELECT email FROM accounts", "email"))) {
      assertThat(Reading.begin(database, read).all(100)).hasSize(1_000).isEqualTo(sorted);
    }
  }

  @Test
  void refusesToCompareColumnsTogetherOfWhichOneIsNotOnTheSearchPath(Database database) {
    tenants(database);

    assertThatThrownBy(() -> pages(database, table("accounts", "tenant", "email")))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected the key's columns to be compared by operators on the search path \"$user\", public, since they are of several schemas, found pg_catalog for tenant (integer), extensions for email (extensions.citext). Put them there, for example with: ALTER ROLE postgres SET search_path = \"$user\", public, extensions");
  }

  @Test
  void comparesColumnsTogetherThatAreOnTheSearchPath(Database database) {
    tenants(database);
    setPath(database, "public, extensions");
    var accounts = table("accounts", "tenant", "email");
    var pages = pages(database, accounts);

    assertThat(Reading.begin(database, accounts).all(100))
        .hasSize(1_000)
        .isEqualTo(
            Rows.of(
                database,
                "SELECT concat_ws(' ', tenant, email) FROM accounts ORDER BY tenant, accounts.email"));
    assertThat(plan(database, pages.sql().page(List.of("1", "user00500"), 10)))
        .anyMatch(line -> line.contains("Index Cond: (ROW(tenant, email) > ROW(1, "));
  }

  @Test
  void isNotMisledByANearerOperator(Database database) {
    Rows.run(
        database,
        "CREATE SCHEMA app",
        "CREATE FUNCTION app.never(text, text) RETURNS bool IMMUTABLE RETURN false",
        "CREATE OPERATOR app.> (FUNCTION = app.never, LEFTARG = text, RIGHTARG = text)",
        "CREATE TABLE names (name text PRIMARY KEY)",
        "INSERT INTO names SELECT generate_series(1, 10)");
    setPath(database, "app, pg_catalog, public");

    assertThat(Reading.begin(database, table("names", "name")).all(3)).hasSize(10);
    assertThat(Reading.begin(database, query("SELECT name FROM names", "name")).all(3)).hasSize(10);
  }

  /** A domain brings a collation of its own, which a column of it need not have. */
  @ParameterizedTest
  @CsvSource({"default, und-x-icu", "und-x-icu, default", "und-x-icu, C"})
  void comparesInTheCollationOfTheColumn(String column, String domain, Database database) {
    Rows.run(
        database,
        "CREATE DOMAIN title AS text COLLATE \"%s\"".formatted(domain),
        "CREATE TABLE titles (name title COLLATE \"%s\" PRIMARY KEY)".formatted(column),
        "INSERT INTO titles VALUES ('a'), ('B'), ('c'), ('D')");
    var sorted = Rows.of(database, "SELECT name FROM titles ORDER BY name");

    assertThat(Reading.begin(database, table("titles", "name")).all(1)).isEqualTo(sorted);
    assertThat(Reading.begin(database, query("SELECT name FROM titles", "name")).all(1))
        .isEqualTo(sorted);
  }

  @Test
  void doesNotMistakeTheAuthorsTablesForItsOwn(Database database) {
    Rows.run(
        database,
        "CREATE TABLE domain (key int PRIMARY KEY)",
        "CREATE TABLE q (type text PRIMARY KEY)",
        "INSERT INTO domain VALUES (1), (2)");

    assertThat(Reading.begin(database, table("domain", "key")).all(1)).containsExactly("1", "2");
    assertThat(Reading.begin(database, table("q", "type")).all(1)).isEmpty();
  }

  @Test
  void refusesAKeyThatHasNoOrder(Database database) {
    assertThatThrownBy(() -> pages(database, query("SELECT json '{}' AS document", "document")))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected a key that can be ordered, found the column 'document' of type json, which has no order. Name another key, or cast it in 'read: {sql, key}'");
  }

  private static void tenants(Database database) {
    Rows.run(
        database,
        "CREATE TABLE accounts (tenant int, email extensions.citext, PRIMARY KEY (tenant, email))",
        "INSERT INTO accounts SELECT n / 600, %s FROM generate_series(1, 1000) n".formatted(MAIL),
        "ANALYZE accounts");
  }

  private static void setPath(Database database, String path) {
    var name = Rows.of(database, "SELECT current_database()").get(0);
    Rows.run(database, "ALTER DATABASE " + name + " SET search_path = " + path);
  }

  private static List<String> plan(Database database, BoundSql sql) {
    return BoundSql.of("EXPLAIN " + sql.text(), sql.parameters())
        .query(jdbc(database), (row, number) -> row.getString(1));
  }
}
