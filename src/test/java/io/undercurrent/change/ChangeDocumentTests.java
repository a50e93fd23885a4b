package io.undercurrent.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page on kinds shows of these works. */
@PostgresTest
class ChangeDocumentTests {

  private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\n- name: \\w+\n(.*?)```");

  @Test
  void worksAsWritten(Database database, @TempDir Path directory) throws Exception {
    Rows.run(
        database,
        "CREATE TABLE runners (id int PRIMARY KEY, version text, semver text, checked bool)",
        "INSERT INTO runners VALUES (1, 'v1.2', NULL, NULL)",
        "CREATE TABLE customers (id int, region text)",
        "INSERT INTO customers VALUES (5, 'south')",
        "CREATE TABLE orders (id int PRIMARY KEY, customer_id int, region text)",
        "INSERT INTO orders VALUES (1, 5, NULL), (2, 6, NULL)",
        "CREATE TABLE tokens (id int PRIMARY KEY, revoked_at timestamptz)",
        "INSERT INTO tokens VALUES (1, now() - interval '91 days'), (2, now())",
        "CREATE TABLE tokens_archive (LIKE tokens)");

    for (var section : new String[] {"update", "delete"}) {
      for (var example : EXAMPLE.matcher(section(section)).results().toList()) {
        new Changes(database, directory).run(example.group(1).strip().split("\n {2}"));
      }
    }

    assertThat(Rows.of(database, "SELECT semver || ' ' || checked FROM runners"))
        .containsExactly("1.2 true");
    assertThat(Rows.of(database, "SELECT region FROM orders ORDER BY id"))
        .containsExactly("south", null);
    assertThat(Rows.of(database, "SELECT id FROM tokens UNION ALL SELECT -id FROM tokens_archive"))
        .containsExactly("2", "-1");
  }

  private static String section(String heading) throws IOException {
    var page = Files.readString(Path.of("src/docs/kinds.md"));
    return page.split("\n## " + heading + "\n", 2)[1].split("\n## ", 2)[0];
  }
}
