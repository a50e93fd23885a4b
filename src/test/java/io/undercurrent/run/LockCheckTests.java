package io.undercurrent.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.iteration.Beans;
import io.undercurrent.kind.Concern;
import io.undercurrent.kind.UpdateCheck;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.kind.UpdateOptions;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

@PostgresTest
class LockCheckTests {

  private static final String VALIDATE =
      "Use 'validate-constraint:', which adds it NOT VALID and validates it beside the application";
  private static final String WITHOUT =
      "Add it without, have new rows get it by SET DEFAULT or a trigger, and fill the others with 'update:'";

  private Database database;

  @BeforeEach
  void createOrders(Database database) {
    this.database = database;
    Rows.run(
        database,
        "CREATE TABLE orders (id int PRIMARY KEY, region text, code varchar(10), \"Note\" text)",
        "INSERT INTO orders SELECT n, 'north' FROM generate_series(1, 20000) AS n",
        "CREATE TABLE empty (id int, region text)",
        "CREATE SCHEMA app",
        "CREATE TABLE app.\"Parts\" (id int, region text) PARTITION BY LIST (region)",
        "CREATE TABLE app.north PARTITION OF app.\"Parts\" FOR VALUES IN ('north')",
        "INSERT INTO app.\"Parts\" VALUES (1, 'north')",
        "CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM orders",
        "ANALYZE orders");
  }

  @Test
  void warnsOfAnIndexThatIsNotBuiltConcurrently() {
    var cure = " wait until it is built. Build it with 'create-index:', which does so concurrently";

    assertThat(
            warnings(
                "CREATE INDEX ON orders (region)",
                "CREATE UNIQUE INDEX IF NOT EXISTS \"on\" ON app.\"Parts\" (id, region)",
                "CREATE INDEX ON ONLY app.\"Parts\" (id)",
                "CREATE INDEX ON empty (region)",
                "CREATE INDEX ON later (region)"))
        .containsExactly(
            "CREATE INDEX has who writes to orders" + cure,
            "CREATE INDEX has who writes to app.\"Parts\"" + cure);
  }

  @Test
  void saysNothingOfATableThatTheJobMakes() {
    assertThat(
            warnings(
                "DROP TABLE orders CASCADE",
                "CREATE TABLE public.orders AS SELECT 1 AS id",
                "CREATE INDEX ON orders (id)",
                "ALTER TABLE Orders ADD CHECK (id > 0)"))
        .isEmpty();
    assertThat(
            warnings(
                "CREATE TABLE IF NOT EXISTS orders (id int)", "CREATE INDEX ON orders (region)"))
        .hasSize(1);
  }

  @Test
  void warnsOfATypeThatIsStoredOtherwise() {
    var cure =
        " TYPE keeps the application from orders until all of it is written anew. Convert it with 'convert-column:', which does so in chunks";

    assertThat(
            warnings(
                "ALTER TABLE orders ALTER id TYPE bigint, ALTER COLUMN code SET DATA TYPE varchar(5)",
                "ALTER TABLE orders ALTER code TYPE varchar(20), ALTER region TYPE varchar",
                "ALTER TABLE orders ALTER code TYPE text, ALTER \"Note\" TYPE text USING lower(\"Note\")"))
        .containsExactly(
            "ALTER COLUMN id" + cure, "ALTER COLUMN code" + cure, "ALTER COLUMN \"Note\"" + cure);

    Rows.run(database, "ALTER TABLE orders ADD price numeric(8,2)");
    assertThat(
            warnings(
                "ALTER TABLE orders ALTER price TYPE numeric(10, 2), ALTER price TYPE decimal",
                "ALTER TABLE orders ALTER price TYPE numeric(10,3)",
                "ALTER TABLE orders ALTER price TYPE numeric(7,2), ALTER price TYPE numeric(9)"))
        .containsOnly("ALTER COLUMN price" + cure)
        .hasSize(3);
  }

  @Test
  void warnsOfAScanForNull() {
    Rows.run(
        database,
        "ALTER TABLE orders ADD CHECK (region IS NOT NULL AND id > 0)",
        "ALTER TABLE orders ADD CHECK (code IS NOT NULL OR id > 0)");
    var cure =
        " keeps the application from orders until all rows are checked. Use 'not-null:', which has a CHECK validated before";

    assertThat(
            warnings(
                "ALTER TABLE orders ALTER region SET NOT NULL, ALTER id SET NOT NULL",
                "ALTER TABLE IF EXISTS ONLY orders ALTER COLUMN \"Note\" SET NOT NULL",
                "/* now */ alter table orders alter code set not null -- all"))
        .containsExactly("SET NOT NULL of \"Note\"" + cure, "SET NOT NULL of code" + cure);
    assertThat(
            warnings(
                "ALTER TABLE orders VALIDATE CONSTRAINT orders_code_check",
                "ALTER TABLE orders ALTER code SET NOT NULL"))
        .isEmpty();
  }

  @Test
  void warnsOfConstraintsThatAreNotValidatedLater() {
    var checked = " keeps the application from orders until all rows are checked. ";
    var unique =
        "a unique constraint keeps the application from orders until its index is built. Build it with 'create-index: {unique: true}', then: ADD CONSTRAINT ... USING INDEX";

    assertThat(
            warnings(
                "ALTER TABLE orders ADD CHECK (id > 0), ADD CONSTRAINT later CHECK (region <> ',') NOT VALID",
                "ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES orders",
                "ALTER TABLE orders ADD FOREIGN KEY (id) REFERENCES orders NOT VALID",
                "ALTER TABLE orders ADD UNIQUE (region), ADD CONSTRAINT u UNIQUE USING INDEX orders_u",
                "ALTER TABLE orders ADD COLUMN n int CHECK (n > 0)"))
        .containsExactly(
            "ADD CHECK" + checked + VALIDATE,
            "ADD FOREIGN KEY has who writes to orders, or to the table that it refers to, wait until all rows are checked. "
                + VALIDATE,
            unique,
            "ADD COLUMN n with a CHECK" + checked + "Add the CHECK with 'validate-constraint:'");
  }

  @Test
  void warnsOfColumnsThatWriteTheTableAnew() {
    assertThat(
            warnings(
                "ALTER TABLE orders ADD a int DEFAULT 1 NOT NULL, ADD COLUMN b timestamptz DEFAULT now()",
                "ALTER TABLE orders ADD exclude numeric(10, 2), ADD d text DEFAULT E'a, \\'b' || 'c'::text",
                "ALTER TABLE orders ADD e float NOT NULL DEFAULT random() * (1 + 1) CHECK (e < 3)",
                "ALTER TABLE orders ADD f bigserial",
                "ALTER TABLE orders ADD g int GENERATED BY DEFAULT AS IDENTITY",
                "ALTER TABLE orders ADD h int GENERATED ALWAYS AS (id + 1) STORED",
                "ALTER TABLE orders ADD COLUMN IF NOT EXISTS id bigserial"))
        .containsExactly(writtenAnew("e"), writtenAnew("f"), writtenAnew("g"), writtenAnew("h"));
  }

  private static String writtenAnew(String column) {
    return "ADD COLUMN %s with a value that differs from row to row keeps the application from orders until all of it is written anew. %s"
        .formatted(column, WITHOUT);
  }

  @Test
  void warnsOfManyRowsAtOnce() {
    var rows =
        "about 20,000 rows change in one transaction, which keeps them locked until its end, and what it has done is lost if it is stopped. Change them in chunks, with ";

    assertThat(
            warnings(
                Concern.MANY_ROWS,
                "UPDATE orders SET region = 'south'",
                "DELETE FROM orders WHERE id < 100",
                "DELETE FROM orders",
                "WITH gone AS (DELETE FROM orders RETURNING id) INSERT INTO empty SELECT id FROM gone",
                "INSERT INTO empty SELECT id FROM orders"))
        .containsExactly(
            rows + "'update:'",
            rows + "'delete:'",
            rows + "'update:', 'delete:' or 'read:' and 'write:'");
  }

  @Test
  void warnsOfWhatRewritesAnIndexOrATable() {
    assertThat(
            warnings(
                "REINDEX (VERBOSE) INDEX orders_pkey",
                "CLUSTER orders USING orders_pkey",
                "REFRESH MATERIALIZED VIEW totals",
                "REFRESH MATERIALIZED VIEW CONCURRENTLY totals",
                "ALTER TABLE orders * SET UNLOGGED, ALTER id SET STATISTICS 10"))
        .containsExactly(
            "REINDEX keeps the application from orders_pkey until it is done. Use 'outside-transaction:' with REINDEX INDEX CONCURRENTLY",
            "CLUSTER keeps the application from orders until it is done. 'outside-transaction:' with VACUUM lets it work, and gives space back for new rows",
            "REFRESH MATERIALIZED VIEW has who reads totals wait until it is done. Use REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on the view",
            "SET UNLOGGED keeps the application from orders until all of it is written anew. Do it in a quiet hour");
  }

  @Test
  void isSilencedByTheFile() {
    var allowed = Set.of(Concern.STRONG_LOCK, Concern.MANY_ROWS);
    var options = UpdateOptions.NONE.allowing(allowed);

    assertThat(check(options, "CREATE INDEX ON orders (region)", "DELETE FROM orders")).isEmpty();
  }

  private List<String> warnings(String... statements) {
    return warnings(Concern.STRONG_LOCK, statements);
  }

  private List<String> warnings(Concern concern, String... statements) {
    var allow = "; if that is meant, say so with: allow: [%s]".formatted(concern.word());
    return check(UpdateOptions.NONE, statements).stream()
        .map(
            message -> {
              assertThat(message).endsWith(allow);
              return message.substring(0, message.length() - allow.length());
            })
        .toList();
  }

  private List<String> check(UpdateOptions options, String... statements) {
    var sql = Arrays.stream(statements).map(text -> new Sql(text, 11)).toList();
    var update = new UpdateDefinition("run", null, options, new RunStatements(sql), 10);
    var session = new SingleConnectionDataSource(database.connect("test"), true);
    try {
      return new UpdateCheck(new JdbcTemplate(session), Map.of(), Beans.NONE)
          .check(update).stream().map(UpdateCheck.Problem::message).toList();
    } finally {
      session.destroy();
    }
  }
}
