package io.undercurrent.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.RefusedException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTemplateTests {

  private static final Map<String, String> VALUES = values();

  private static Map<String, String> values() {
    var values = new LinkedHashMap<String, String>();
    values.put("server", "example.org");
    values.put("limit", "10");
    return values;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UPDATE t SET n = 1                                                 | UPDATE",
        "-- INSERT\\n delete FROM t                                       | DELETE",
        "WITH a AS (SELECT 1), b(x) AS MATERIALIZED (SELECT 2) update t SET n = 1 | UPDATE",
        "WITH a AS (DELETE FROM t RETURNING id) SELECT count(*) FROM a      | SELECT",
        "WITH a AS (SELECT 'INSERT') /* UPDATE */ INSERT INTO t SELECT 1    | INSERT",
        "WITH RECURSIVE update AS (SELECT 1), merge AS (SELECT 2) DELETE FROM t | DELETE",
        "WITH \"a (\" AS (SELECT 1) MERGE INTO t USING \"a (\" ON true  | MERGE",
        "WITH a AS (SELECT 1) (SELECT * FROM a)                             | ''"
      })
  void tellsWhatAStatementDoes(String sql, String keyword) {
    assertThat(SqlTemplate.parse(sql.replace("\\n", "\n"), Map.of()).mainKeyword())
        .isEqualTo(keyword);
  }

  @Test
  void bindsNamedParametersInTheOrderOfTheirUse() {
    var template = parse("SELECT :limit, :server, f(a=>:limit) WHERE :server='x'");

    assertThat(template.text()).isEqualTo("SELECT ?, ?, f(a=>?) WHERE ?='x'");
    assertThat(template.parameters()).containsExactly("limit", "server", "limit", "server");
  }

  @Test
  void tellsACastFromAParameter() {
    var template = parse("SELECT id::text, :limit::int, (1)::text, a[1]::int, b :: text");

    assertThat(template.text())
        .isEqualTo("SELECT id::text, ?::int, (1)::text, a[1]::int, b :: text");
    assertThat(template.parameters()).containsExactly("limit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT a[1:2]",
        "SELECT a[lo:hi]",
        "SELECT a[(lo):hi]",
        "SELECT a[b[1]:hi]",
        "SELECT a[:2]",
        "SELECT f(a := 1)",
        "SELECT ':server', 'it''s :server'",
        "SELECT \":server\", \"a\"\":server\"",
        "SELECT E'\\':server', e'it''s \\':server'",
        "SELECT $$:server$$, $a$ $$ :server; $a$, a$b$",
        "SELECT 1 -- :server; ?",
        "SELECT 1 /* :server /* nested; */ :server ? */ + 2",
        "SELECT '?', \"?\", $$?$$ /* ? */ -- ?",
        "SELECT 'unfinished :server"
      })
  void leavesAlone(String sql) {
    var template = parse(sql);

    assertThat(template.text()).isEqualTo(sql);
    assertThat(template.parameters()).isEmpty();
  }

  @Test
  void escapesOperatorsWithQuestionMarks() {
    assertThat(parse("SELECT a ? 'b', a ?| b, a @? :server").text())
        .isEqualTo("SELECT a ?? 'b', a ??| b, a @?? ?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT 1;", "SELECT 1 ; \n", "SELECT 1;;", "\n SELECT 1"})
  void takesASemicolonAtTheEnd(String sql) {
    assertThat(parse(sql).text()).isEqualTo("SELECT 1");
  }

  @Test
  void takesACommentBehindTheSemicolon() {
    assertThat(parse("SELECT 1; -- done; really\n/* done */").text())
        .isEqualTo("SELECT 1 -- done; really\n/* done */");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT 1; DELETE FROM rooms", "SELECT 1;(SELECT 2)", "SELECT 1; 'x'"})
  void refusesASecondStatement(String sql) {
    assertThatThrownBy(() -> parse(sql))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "expected one statement, found a second one after ';'. Make it a list with an entry for each");
  }

  @Test
  void refusesAnUnknownName() {
    assertThatThrownBy(() -> parse("SELECT :servr"))
        .isInstanceOf(RefusedException.class)
        .hasMessage("unknown value ':servr'; known are [server, limit]. Add it under 'values:'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "update rooms SET n = 1                  | UPDATE",
        "-- DELETE\\n Insert INTO rooms VALUES (1) | INSERT",
        "/* a /* b */ DELETE */ MERGE INTO rooms | MERGE",
        "((SELECT 1))                            | SELECT",
        "WITH x AS (SELECT 1) SELECT 1           | WITH",
        "-- nothing else                         | ''"
      })
  void findsTheKeywordBehindCommentsAndParentheses(String sql, String keyword) {
    assertThat(parse(sql.replace("\\n", "\n")).keyword()).isEqualTo(keyword);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UPDATE r SET n = 1               | WITH chunk AS (…)~UPDATE r SET n = 1",
        "-- why~UPDATE r SET n = 1        | WITH chunk AS (…)~-- why~UPDATE r SET n = 1",
        "WITH a AS (SELECT 1) SELECT 1    | WITH chunk AS (…), a AS (SELECT 1) SELECT 1",
        "/* why */ with a AS (x) SELECT 1 | /* why */ with chunk AS (…), a AS (x) SELECT 1",
        "WITH\"a\" AS (x) SELECT 1        | WITH chunk AS (…),\"a\" AS (x) SELECT 1",
        "(WITH a AS (x) SELECT 1)         | (WITH chunk AS (…), a AS (x) SELECT 1)",
        "WITH RECURSIVE a AS (x) SELECT 1 | WITH RECURSIVE chunk AS (…), a AS (x) SELECT 1",
        "with~ recursive a AS (x) SELECT 1| with~ recursive chunk AS (…), a AS (x) SELECT 1",
        "WITH /* w */ RECURSIVE a AS (x)  | WITH /* w */ RECURSIVE chunk AS (…), a AS (x)",
        "WITH recursively AS (x) SELECT 1 | WITH chunk AS (…), recursively AS (x) SELECT 1"
      })
  void putsTheChunkInFront(String sql, String merged) {
    assertThat(parse(sql.replace('~', '\n')).with("chunk AS (…)"))
        .isEqualTo(merged.replace('~', '\n'));
  }

  private static SqlTemplate parse(String sql) {
    return SqlTemplate.parse(sql, VALUES);
  }
}
