package io.undercurrent.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.TestDatabases;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class PostgresTestTests {

  @BeforeEach
  void leaveSomething(Database database) {
    database.jdbc().sql("CREATE TABLE left_behind (id bigint)").update();
  }

  @Test
  void handsOutADatabaseWithTheSchemaInLocaleC(Database database) {
    var locale =
        database
            .jdbc()
            .sql(
                """
                SELECT pg_encoding_to_char(encoding), datcollate, datctype
                  FROM pg_database
                 WHERE datname = current_database()""")
            .query()
            .singleRow();

    assertThat(locale.values()).containsExactly("UTF8", "C", "C");
    assertThat(tables(database, "undercurrent")).contains("background_updates", "runs", "lease");
    assertThat(tables(database, "public")).containsExactly("left_behind");
  }

  @Test
  void handsOutFurtherDatabases(TestDatabases databases, Database database) {
    var second = databases.create("second");
    var empty = databases.createEmpty("empty");

    assertThat(second.name()).isEqualTo("second");
    assertThat(tables(second, "undercurrent")).isEqualTo(tables(database, "undercurrent"));
    assertThat(tables(second, "public")).isEmpty();
    assertThat(tables(empty, "undercurrent")).isEmpty();
  }

  private static List<String> tables(Database database, String schema) {
    return database
        .jdbc()
        .sql("SELECT tablename FROM pg_tables WHERE schemaname = ? ORDER BY 1")
        .param(schema)
        .query(String.class)
        .list();
  }
}
