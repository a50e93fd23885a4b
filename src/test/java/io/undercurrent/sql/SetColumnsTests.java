package io.undercurrent.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SetColumnsTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "UPDATE t SET a = 1                                               | t [a]",
        "update T set A = 1, b = (SELECT c, d FROM u), e = f(1, 2) FROM g, h | t [a, b, e]",
        "UPDATE ONLY app.t AS x SET a = 1 WHERE b = 2                     | app.t [a]",
        "UPDATE ONLY (t) SET a = 1                                        | t [a]",
        "UPDATE t * x SET a = 1                                           | t [a]",
        "UPDATE \"My App\" . \"T\"\"s\" x SET \"a \"\"b\" = 1, \"C\" = 2  | \"My App\".\"T\"\"s\" [C, a \"b]",
        "UPDATE t SET (a, b) = (SELECT 1, 2), c = 3                       | t [a, b, c]",
        "UPDATE t SET (a.x, b[2]) = ROW (1, 2), c = 3                     | t [a, b, c]",
        "UPDATE t SET a.field = 1, b[1] = 2, c[f(1, 2)] = 3               | t [a, b, c]",
        "UPDATE t SET a = CASE WHEN x THEN 1 END, b = 2                   | t [a, b]",
        "UPDATE t SET a = x IS DISTINCT FROM y, b = 2 RETURNING c, d      | t [a, b]",
        "UPDATE t SET a = extract(year FROM d), b = 2                     | t [a, b]",
        "UPDATE t SET a = 'b = 1, c', /* d = 2, */ e = $$x, f$$ -- , g = 1 | t [a, e]",
        "UPDATE t SET é$1 = 1, a = :v                                     | t [a, é$1]",
        "UPDATE t SET a = ARRAY[1, 2], b = (c, d) WHERE a = 1             | t [a, b]",
        "INSERT INTO app.t AS x (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = excluded.b, c = 1 WHERE x.d | app.t [b, c]",
        "WITH w AS (INSERT INTO u SELECT 1 RETURNING a) INSERT INTO t (b) SELECT a FROM w ON CONFLICT (b) DO UPDATE SET c = 1 | t [c]",
        "MERGE INTO t USING chunk c ON t.id = c.id WHEN MATCHED AND t.a THEN UPDATE SET b = 1, c = 2 WHEN NOT MATCHED THEN INSERT (d) VALUES (1) | t [b, c]",
        "SELECT a FROM t FOR UPDATE OF t                                  | ~~",
        "SELECT 'UPDATE t SET a = 1' AS update                            | ~~",
      })
  void areThoseThatAStatementSets(String sql, String expected) {
    assertThat(found(sql)).isEqualTo(expected.replace("~", ""));
  }

  @Test
  void areFoundWhereverTheyAreSet() {
    var sql =
        """
        WITH locked AS (SELECT id FROM t FOR UPDATE),
             moved AS (UPDATE t SET a = 1 FROM locked WHERE t.id = locked.id RETURNING t.id),
             kept AS (INSERT INTO u SELECT id FROM moved ON CONFLICT (id) DO UPDATE SET b = 2)
        UPDATE v SET c = 3 FROM moved WHERE v.id = moved.id""";

    assertThat(found(sql)).isEqualTo("t [a], u [b], v [c]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UPDATE", "UPDATE t SET", "UPDATE t SET (a", ") UPDATE t", "INSERT INTO"})
  void endWithAStatementThatIsCutOff(String sql) {
    assertThat(found(sql)).isNotNull();
  }

  private static String found(String sql) {
    var text = new StringBuilder();
    for (var set : SetColumns.of(SqlTemplate.parse(sql, Map.of("v", "")))) {
      text.append(text.isEmpty() ? "" : ", ");
      text.append(set.table()).append(' ').append(new TreeSet<>(set.columns()));
    }
    return text.toString();
  }
}
