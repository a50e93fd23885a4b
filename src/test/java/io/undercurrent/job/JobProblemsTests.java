package io.undercurrent.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.ShippedKinds;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JobProblemsTests {

  private static final String INVISIBLE =
      "expected a name without blanks or invisible characters, found '%s'";
  private static final String QUOTE = "Put the whole text in quotes";
  private static final String COMMA =
      "a comma in {...} or [...] ends the text before it. Put it in quotes: ";
  private static final String NOT_SET =
      "property '%s' is not set. Set it in application.yaml or as environment variable %s";
  private static final String TIMEOUT =
      "expected a duration from 1ms to 24d, such as 500ms, 2s or 1m, found '%s'";

  private static final String TIMEOUT_INSIDE =
      "5: 'timeout' goes with 'outside-transaction: true': a bean inside the transaction cannot be interrupted";

  @ParameterizedTest(name = "{1}")
  @MethodSource({
    "badYaml",
    "badFiles",
    "badUpdates",
    "badWork",
    "badReads",
    "badWrites",
    "badExpectations"
  })
  @MethodSource({"badChanges", "badIndexes", "badDependencies", "badValues", "badChunkSettings"})
  void saysWhatIsWrongAndWhere(String text, List<String> problems) {
    assertThat(problems(text)).containsExactlyElementsOf(problems);
  }

  private static Stream<Arguments> badYaml() {
    return Stream.of(
        file("updates:", "  - name: a", "   run: SELECT 1")
            .has(
                "3: broken YAML: expected what belongs together to begin in one column, as it does in line 2, found another indentation"),
        file("updates:", "\t- name: a").has("2: broken YAML: found a tab. Indent with blanks"),
        file("updates: [{name: a}", "")
            .has("2: broken YAML: expected ']' for the '[' in line 1, found the end of the file"),
        file("updates: []", "---", "updates: []")
            .has(
                "2: broken YAML: expected a single document in the stream that begins in line 1,"
                    + " but found another document"),
        file("updates: *x")
            .has("1: broken YAML: a text cannot begin with '*' without quotes. " + QUOTE),
        file("description: fix: it", "updates: []")
            .has("1: broken YAML: found ': ' in a text, where it begins a value. " + QUOTE),
        file("description: a", " updates: []")
            .has(
                "2: broken YAML: found a key inside of a text. Have all keys of a mapping begin in one column, each with a blank after its ':'; a text with ': ' in it needs quotes"),
        file("description: 'fix' it")
            .has("1: broken YAML: found more text after the closing quote. " + QUOTE),
        file("description: 'fix it", "updates: []")
            .has(
                "2: broken YAML: expected the text in quotes that begins in line 1 to end, found unexpected end of stream"),
        file("description: > 3")
            .has(
                "1: broken YAML: a text cannot begin with '|' or '>' without quotes: they introduce a text on the following lines. "
                    + QUOTE),
        cannotBegin("%"),
        cannotBegin("@"),
        cannotBegin("`"),
        cannotBegin("- "),
        cannotBegin("? "),
        update("name: a", "read: {table: t, where: tags ? 'x'}")
            .has(
                "3: broken YAML: expected ',' or '}' after a value in the '{' of line 3, found '?'. A text with ':', '?' or brackets in it needs quotes there"),
        update("name: a", "read: {table: t, where: a IN (1, 2, 3), key: id}")
            .has("3: " + COMMA + "where: \"a IN (1, 2, 3)\""),
        update("name: a", "read: {table: t, key: id, where: }", "write: SELECT 1")
            .has("3: 'where': expected SQL, found nothing"),
        update("name: a", "read: {table: t, where: a = 'x, y'}")
            .has("3: " + COMMA + "where: \"a = 'x, y'\""),
        update(
                "name: a",
                "run: [SELECT 1, 'SELECT (2, 3)', \"SELECT (4, 5)\", 'SELECT (6',",
                "  SELECT f(\\, 7)]")
            .has("4: " + COMMA + "'SELECT f(\\, 7)'"),
        update("name: a", "read: {table: t, where: data #>> '{a}' = 'b'}")
            .has("3: broken YAML: expected '}' for the '{' in line 3, found the end of the file"),
        update("name: a", "run: SELECT data #>> '{a}' = 'b'")
            .has(
                "3: 'run': '#' after a blank begins a comment, so the SQL would end before it. Put it in quotes"),
        file("# first", "# bell: \u0007")
            .has("2: broken YAML: expected printable characters, found U+0007"),
        file("# first", "# broken: \uFFFD").has("2: expected UTF-8, found other bytes"));
  }

  private static Arguments cannotBegin(String character) {
    return file("description: " + character + "a")
        .has(
            "1: broken YAML: a text cannot begin with '%s' without quotes. %s"
                .formatted(character, QUOTE));
  }

  private static Stream<Arguments> badFiles() {
    return Stream.of(
        file("").has("1: expected a mapping with the key 'updates', found an empty file"),
        file("# nothing").has("1: expected a mapping with the key 'updates', found an empty file"),
        file("- a").has("1: expected a mapping, found a list"),
        file("a text").has("1: expected a mapping, found a text"),
        file("description: a text").has("1: missing key 'updates'"),
        file("updates:").has("1: 'updates': expected a list, found nothing"),
        file("updates: []").has("1: 'updates': expected at least one, found an empty list"),
        file("updates: {name: a}").has("1: 'updates': expected a list, found a mapping"),
        file("updates: [a,", "[b]]")
            .has(
                "1: 'updates': expected a mapping, found a text",
                "2: 'updates': expected a mapping, found a list"),
        file("updates: [{name: a, run: SELECT 1}]", "description: [a]", "updates: []")
            .has(
                "2: 'description': expected a text, found a list",
                "3: duplicate key 'updates', first in line 1"),
        file("updates: [{name: a, run: SELECT 1}]", "needs: homserver")
            .has("2: 'needs': expected homeserver, found 'homserver', did you mean 'homeserver'?"),
        file("updates: [{name: a, run: SELECT 1}]", "needs: engine")
            .has("2: 'needs': expected homeserver, found 'engine'"),
        file("updates: [{name: a, run: SELECT 1}]", "? [a]", ": b")
            .has("2: expected a text as key, found something else"),
        file("updates: [{name: a, run: SELECT 1}]", "describtion: b", "foo: c")
            .has(
                "2: unknown key 'describtion', did you mean 'description'?",
                "3: unknown key 'foo'; known here: description, needs, updates, values"));
  }

  private static Stream<Arguments> badUpdates() {
    return Stream.of(
        update("run: SELECT 1").has("2: missing key 'name'"),
        update("name:", "run: SELECT 1").has("2: 'name': expected a text, found nothing"),
        update("name: ' '", "run: SELECT 1").has("2: 'name': expected a text, found nothing"),
        update("name: [a]", "run: SELECT 1").has("2: 'name': expected a text, found a list"),
        update("name: fill titles", "run: SELECT 1")
            .has("2: 'name': " + INVISIBLE.formatted("fill titles")),
        update("name: \"a\\u00A0b\"", "run: SELECT 1")
            .has("2: 'name': " + INVISIBLE.formatted("a\u00A0b")),
        update("name: \"a\\u202Eb\"", "run: SELECT 1")
            .has("2: 'name': " + INVISIBLE.formatted("a\u202Eb")),
        update("name: " + "x".repeat(101), "run: SELECT 1")
            .has("2: 'name': expected at most 100 characters, found 101"),
        update("name: a", "name: b", "run: SELECT 1")
            .has("3: duplicate key 'name', first in line 2"),
        update("name: a", "depend_on: b", "run: SELECT 1")
            .has("3: unknown key 'depend_on', did you mean 'depends-on'?"),
        update("name: a", "ordering: 1.5", "run: SELECT 1")
            .has("3: 'ordering': expected an integer, found '1.5'"),
        update("name: a", "ordering: 2147483648", "run: SELECT 1")
            .has("3: 'ordering': expected an integer, found '2147483648'"),
        update("name: a", "ordering: {b: c}", "run: SELECT 1")
            .has("3: 'ordering': expected an integer, found a mapping"),
        update("name: a", "lock-timeout: 2", "run: SELECT 1")
            .has("3: 'lock-timeout': " + TIMEOUT.formatted("2")),
        update("name: a", "lock-timeout: 0s", "run: SELECT 1")
            .has("3: 'lock-timeout': " + TIMEOUT.formatted("0s")),
        update("name: a", "row-security: on", "run: SELECT 1")
            .has("3: 'row-security': expected filter, found 'on'"),
        update("name: a", "lock-timeout: 25d", "run: SELECT 1")
            .has("3: 'lock-timeout': " + TIMEOUT.formatted("25d")),
        update("name: a", "statement-timeout: soon", "run: SELECT 1")
            .has("3: 'statement-timeout': " + TIMEOUT.formatted("soon")),
        update("name: a", "statement-timeout: -2s", "run: SELECT 1")
            .has("3: 'statement-timeout': " + TIMEOUT.formatted("-2s")),
        update("name: a", "statement-timeout:", "run: SELECT 1")
            .has(
                "3: 'statement-timeout': expected a duration from 1ms to 24d, such as 500ms, 2s or"
                    + " 1m, found nothing"));
  }

  /** As in: 'read' and 'write', 'run' or 'create-index'. */
  private static String kinds() {
    var kinds =
        ShippedKinds.all().all().stream()
            .map(kind -> "'" + kind.name().replace(", ", "' and '") + "'")
            .toList();
    var last = kinds.size() - 1;
    return String.join(", ", kinds.subList(0, last)) + " or " + kinds.get(last);
  }

  private static Stream<Arguments> badWork() {
    return Stream.of(
        update("name: a").has("2: expected %s, found none of them".formatted(kinds())),
        update("name: a", "read: {table: t, key: id}").has("2: missing key 'write'"),
        update("name: a", "write: SELECT 1").has("2: missing key 'read'"),
        update("name: a", "process: titles").has("2: missing key 'read'", "2: missing key 'write'"),
        update("name: a", "run: SELECT 1", "process: titles", "write: SELECT 1")
            .has(
                "4: 'process' and 'run' exclude each other",
                "5: 'write' and 'run' exclude each other"),
        update("name: a", "run: ''").has("3: 'run': expected SQL, found nothing"),
        update("name: a", "run: |", "", "ordering: 1").has("3: 'run': expected SQL, found nothing"),
        update("name: a", "run: []").has("3: 'run': expected at least one, found an empty list"),
        update("name: a", "run: [SELECT 1, '',", "  [SELECT 2]]")
            .has("3: 'run': expected SQL, found nothing", "4: 'run': expected SQL, found a list"),
        update("name: a", "run: {sql: SELECT 1}").has("3: 'run': expected SQL, found a mapping"));
  }

  private static Stream<Arguments> badReads() {
    return Stream.of(
        read("read: t").has("4: 'read': expected a mapping, found a text"),
        read("read: {}").has("4: missing key 'table', 'sql' or 'csv'"),
        read("read: {sql: SELECT 1}")
            .has("4: missing key 'key': the columns that order the rows and name each of them"),
        read("read: {key: id}").has("4: missing key 'table', 'sql' or 'csv'"),
        read("read: {table: t, sql: SELECT id, key: id}")
            .has("4: 'sql' and 'table' exclude each other"),
        read("read: {csv: fixes.csv, key: id, where: id > 5}")
            .has("4: 'where' and 'csv' exclude each other"),
        read("read: {csv: fixes.csv}")
            .has("4: missing key 'key': the columns that order the rows and name each of them"),
        read("read: {table: t, key: id, columns: {id: int}}")
            .has("4: 'columns' goes with 'csv'; a table or a query has types"),
        read("read: {sql: SELECT id, key: id, where: id > 5}")
            .has("4: 'where' goes with 'table'; put the condition into 'sql'"),
        read("read: {table: t, key: []}")
            .has("4: 'key': expected at least one, found an empty list"),
        read("read: {table: t, key: [id, [id], id]}")
            .has(
                "4: 'key': expected a text, found a list",
                "4: 'key': expected each column once, found 'id' again"),
        read("read: {table: [t],", "  key: {id: id},", "  where: }")
            .has(
                "4: 'table': expected a text, found a list",
                "5: 'key': expected a text, found a mapping",
                "6: 'where': expected SQL, found nothing"),
        read("read: {table: t, keys: id}").has("4: unknown key 'keys', did you mean 'key'?"));
  }

  private static Stream<Arguments> badWrites() {
    return Stream.of(
        write("write: []").has("4: 'write': expected at least one, found an empty list"),
        write("write:").has("4: 'write': expected SQL, found nothing"),
        write("write: {sql: SELECT 1}")
            .has("4: unknown key 'sql'; known here: bean", "4: missing key 'bean'"),
        write("write: {bean: [a]}").has("4: 'bean': expected a text, found a list"),
        write("write: {bean: a, beam: a}").has("4: unknown key 'beam', did you mean 'bean'?"),
        write("write: SELECT 1", "process: [a]").has("5: 'process': expected a text, found a list"),
        write("write: SELECT 1", "process: {outside-transaction: true}")
            .has("5: missing key 'bean'"),
        write("write: SELECT 1", "process: {bean: a, outside: true}")
            .has("5: unknown key 'outside', did you mean 'outside-transaction'?"),
        write("write: SELECT 1", "process: {bean: a, outside-transaction: yes}")
            .has("5: 'outside-transaction': expected true or false, found 'yes'"),
        write("write: SELECT 1", "process: {bean: a, outside-transaction: true, timeout: 5}")
            .has("5: 'timeout': " + TIMEOUT.formatted("5")),
        write("write: SELECT 1", "process: {bean: a, timeout: 5s}").has(TIMEOUT_INSIDE),
        write("write: SELECT 1", "process: {bean: a, outside-transaction: false, timeout: 5s}")
            .has(TIMEOUT_INSIDE),
        write("write: SELECT 1", "process: {bean: [a],", "  timeout: 5s}")
            .has("5: 'bean': expected a text, found a list", TIMEOUT_INSIDE.replace("5:", "6:")));
  }

  private static Stream<Arguments> badExpectations() {
    return Stream.of(
        write("write: SELECT 1", "expect: 1").has("5: 'expect': expected a mapping, found a text"),
        write("write: SELECT 1", "expect: {changed: 1}")
            .has(
                "5: unknown key 'changed', did you mean 'changed-per-item'?",
                "5: missing key 'changed-per-item'"),
        write("write: {bean: a}", "expect: {changed-per-item: 1}")
            .has("5: 'expect' does not go with a bean: what that changes cannot be counted"),
        update("name: a", "run: SELECT 1", "expect: {changed-per-item: 1}")
            .has("4: 'expect' and 'run' exclude each other"),
        badRange("0"),
        badRange("3..1"),
        badRange("0..0"),
        badRange("-1"),
        badRange("1.5"),
        badRange("one"));
  }

  private static Arguments badRange(String range) {
    return write("write: SELECT 1", "expect: {changed-per-item: %s}".formatted(range))
        .has(
            "5: 'changed-per-item': expected a number above 0, or a range such as 0..1, 1..3 or 1.., found '%s'"
                .formatted(range));
  }

  private static Stream<Arguments> badChunkSettings() {
    return Stream.of(
        write("write: SELECT 1", "on-error: quarantine")
            .has("5: 'on-error': expected a mapping, found a text"),
        write("write: SELECT 1", "on-error: {quarantin: {rows: 1}}")
            .has(
                "5: unknown key 'quarantin', did you mean 'quarantine'?",
                "5: missing key 'quarantine'"),
        write("write: SELECT 1", "on-error: {quarantine: {}}")
            .has("5: missing key 'rows' or 'share': how many rows may be put aside"),
        write("write: SELECT 1", "on-error: {quarantine: {row: 1, share: 1 %}}")
            .has("5: unknown key 'row', did you mean 'rows'?"),
        write("write: SELECT 1", "on-error: {quarantine: {rows: 0, share: 1}}")
            .has(
                "5: 'rows': expected a number of 1 or more, found '0'",
                "5: 'share': expected a share such as 1 % or 0.5 %, found '1'"),
        badShare("0 %"),
        badShare("101 %"),
        badShare("-1 %"),
        badShare("a few"),
        write("write: SELECT 1", "batch: 100").has("5: 'batch': expected a mapping, found a text"),
        write("write: SELECT 1", "batch: {size: 100}")
            .has("5: unknown key 'size'; known here: first, min, max, target"),
        write("write: SELECT 1", "batch: {first: 0, min: 1.5, max: many, target: 2}")
            .has(
                "5: 'first': expected a number of 1 or more, found '0'",
                "5: 'min': expected a number of 1 or more, found '1.5'",
                "5: 'max': expected a number of 1 or more, found 'many'",
                "5: 'target': expected a duration from 1ms to 24d, such as 500ms, 2s or 1m, found '2'"),
        write("write: SELECT 1", "batch: {first: 20, min: 30, max: 10}")
            .has(
                "5: expected 'first' to be at most 'max', found 20 and 10",
                "5: expected 'min' to be at most 'max', found 30 and 10"),
        write("write: SELECT 1", "lanes: 0")
            .has("5: 'lanes': expected a number from 1 to 32, found '0'"),
        write("write: SELECT 1", "lanes: 33")
            .has("5: 'lanes': expected a number from 1 to 32, found '33'"),
        write("write: SELECT 1", "lanes: all")
            .has("5: 'lanes': expected a number from 1 to 32, found 'all'"),
        write("write: SELECT 1", "windows: nightly")
            .has(
                "5: 'windows': expected a time window such as 22:00-06:00 Europe/Berlin or Mon-Fri 22:00-06:00 UTC, found 'nightly'"),
        write("write: SELECT 1", "windows: ['22:00-06:00 UTC', '22:00-06:00']")
            .has(
                "5: 'windows': expected a time zone at its end, such as UTC or Europe/Berlin, found '22:00-06:00'"),
        write("write: SELECT 1", "windows: ['22:00-06:00 Europe/Berln']")
            .has(
                "5: 'windows': unknown time zone 'Europe/Berln' in '22:00-06:00 Europe/Berln', did you mean 'Europe/Berlin'?"),
        write("write: SELECT 1", "windows: []")
            .has("5: 'windows': expected at least one, found an empty list"),
        write("write: SELECT 1", "windows: {from: 1}")
            .has("5: 'windows': expected a text, found a mapping"),
        update("name: a", "run: SELECT 1", "lanes: 2")
            .has(
                "4: 'lanes' does not go with what cannot be cut into slices: it is done in one piece"),
        update("name: a", "run: SELECT 1", "batch: {min: 1}", "on-error: {quarantine: {rows: 1}}")
            .has(
                "4: 'batch' goes with work in chunks; this is done at once",
                "5: 'on-error' goes with work in chunks; this is done at once"));
  }

  private static Arguments badShare(String share) {
    return write("write: SELECT 1", "on-error: {quarantine: {share: %s}}".formatted(share))
        .has("5: 'share': expected a share such as 1 % or 0.5 %, found '" + share + "'");
  }

  private static Stream<Arguments> badChanges() {
    return Stream.of(
        update("name: a", "update: t").has("3: 'update': expected a mapping, found a text"),
        update("name: a", "update: {tabel: t, set: {a: 1}}")
            .has("3: unknown key 'tabel', did you mean 'table'?", "3: missing key 'table'"),
        update("name: a", "update: {table: t}").has("3: missing key 'set'"),
        update("name: a", "update: {table: t, set: a = 1}")
            .has("3: 'set': expected a mapping, found a text"),
        update("name: a", "update: {table: t, set: {}}")
            .has("3: 'set': expected at least one column, found none"),
        update("name: a", "update:", "  table: t", "  set:", "    a: 1", "    b:", "    a: [2]")
            .has("7: 'b': expected SQL, found nothing", "8: duplicate key 'a', first in line 6"),
        update("name: a", "update: {table: t, set: {a: s.a},", "  from: s}")
            .has(
                "4: 'from' goes with 'where', which says what row of it belongs to which of 'table'"),
        update("name: a", "update: {table: t, set: {a: 1}}", "expect: {changed-per-item: none}")
            .has(
                "4: 'changed-per-item': expected a number above 0, or a range such as 0..1, 1..3 or 1.., found 'none'"),
        update("name: a", "update: {table: t, set: {a: 1}}", "write: SELECT 1")
            .has("4: 'write' and 'update' exclude each other"),
        update("name: a", "delete: {table: t}").has("3: missing key 'where'"),
        update("name: a", "delete: {table: t, where: true,", "  archive: u}")
            .has("4: unknown key 'archive', did you mean 'archive-to'?"));
  }

  private static Stream<Arguments> badIndexes() {
    return Stream.of(
        update("name: a", "create-index: t")
            .has("3: 'create-index': expected a mapping, found a text"),
        update("name: a", "create-index: {}")
            .has(
                "3: missing key 'table'",
                "3: missing key 'name'",
                "3: missing key 'columns' or 'expression'"),
        update(
                "name: a",
                "create-index:",
                "  tabel: t",
                "  name: public.t_a",
                "  columns: [a, b, a]",
                "  expression: lower(a)",
                "  unique: yes",
                "  include: []",
                "  replaces: public.t_a")
            .has(
                "4: unknown key 'tabel', did you mean 'table'?",
                "4: missing key 'table'",
                "5: 'name': expected a name without a schema, found 'public.t_a'; an index is in its table's schema",
                "6: 'columns': expected each column once, found 'a' again",
                "7: 'expression' and 'columns' exclude each other",
                "8: 'unique': expected true or false, found 'yes'",
                "9: 'include': expected at least one, found an empty list",
                "10: 'replaces': expected a name without a schema, found 'public.t_a'; an index is in its table's schema",
                "10: 'replaces': expected another index than the one to build"),
        update(
                "name: a",
                "create-index:",
                "  table: t",
                "  name: t_a",
                "  columns:",
                "    - {colum: a, order: down}",
                "    - {column: b, nulls: FIRST}",
                "    - b",
                "    - [c]",
                "    - {column: d, expression: lower(d)}",
                "    - {column: e, operator-class: a.b.c}",
                "  with: [fillfactor]")
            .has(
                "7: unknown key 'colum', did you mean 'column'?",
                "7: missing key 'column' or 'expression'",
                "7: 'order': expected asc or desc, found 'down'",
                "7: 'columns': expected each column once, found 'b' again",
                "8: 'nulls': expected first or last, found 'FIRST'",
                "10: 'columns': expected a text, found a list",
                "11: 'expression' and 'column' exclude each other",
                "12: 'operator-class': expected a name, or a schema and a name such as extensions.gin_trgm_ops, found 'a.b.c'. Put a name that contains a dot into double quotes, as in SQL",
                "13: 'with': expected a mapping, found a list"),
        update("name: a", "create-index: {table: t, name: " + "n".repeat(64) + ", columns: a}")
            .has("3: 'name': expected at most 63 bytes, found 64"),
        update(
                "name: a",
                "create-index: {table: t, name: n, columns: a}",
                "lock-timeout: 2s",
                "statement-timeout: 2s",
                "write: SELECT 1",
                "row-security: filter")
            .has(
                "4: 'lock-timeout' does not go with 'create-index': it would cancel the build and leave an INVALID index",
                "5: 'statement-timeout' does not go with 'create-index': it would cancel the build and leave an INVALID index",
                "6: 'write' and 'create-index' exclude each other",
                "7: 'row-security' does not go with 'create-index', which indexes all rows"));
  }

  private static Stream<Arguments> badDependencies() {
    return Stream.of(
        update("name: a", "run: SELECT 1", "depends-on: [b, c]")
            .has("4: 'depends-on': expected the name of an update, or [] for none, found a list"),
        update("name: a", "run: SELECT 1", "depends-on:")
            .has("4: 'depends-on': expected the name of an update, or [] for none, found nothing"),
        update("name: a", "run: SELECT 1", "depends-on: a").has("2: update 'a' depends on itself"),
        file(
                "updates:",
                "  - {name: a, run: SELECT 1}",
                "  - {name: b, run: ''}",
                "  - {name: a, run: SELECT 1}")
            .has(
                "3: 'run': expected SQL, found nothing",
                "4: update 'a' has the name of the update in line 2; expected a name of its own"),
        file(
                "updates:",
                "  - {name: a, run: SELECT 1, depends-on: c}",
                "  - {name: b, run: SELECT 1}",
                "  - {name: c, run: SELECT 1}")
            .has(
                "2: dependency cycle: 'a' -> 'c' -> 'b' -> 'a'; an update without 'depends-on'"
                    + " depends on the one before it"),
        file(
                "updates:",
                "  - {name: a, run: SELECT 1, depends-on: b}",
                "  - {name: b, run: SELECT 1, depends-on: c}",
                "  - {name: c, run: SELECT 1, depends-on: b}")
            .has(
                "3: dependency cycle: 'b' -> 'c' -> 'b'; an update without 'depends-on' depends on"
                    + " the one before it"));
  }

  private static Stream<Arguments> badValues() {
    return Stream.of(
        values("values: a").has("2: 'values': expected a mapping, found a text"),
        values("values:", "  server-name: a", "  2%d: b")
            .has(
                "3: 'server-name': expected a name of letters, digits and '_' for a value",
                "4: '2%d': expected a name of letters, digits and '_' for a value"),
        values("values:", "  a:", "  b: {c: d}", "  c: [d, [e],", "    {f: g}]")
            .has(
                "3: 'a': expected a text, found nothing",
                "4: 'b': expected a text, found a mapping",
                "5: 'c': expected a text, found a list",
                "6: 'c': expected a text, found a mapping"),
        values(
                "values:",
                "  a: ${acme.server-name}",
                "  b: ${acme.b} and ${acme.c:c} and ${acme.d}")
            .has(
                "3: 'a': " + NOT_SET.formatted("acme.server-name", "ACME_SERVERNAME"),
                "4: 'b': " + NOT_SET.formatted("acme.b", "ACME_B"),
                "4: 'b': " + NOT_SET.formatted("acme.d", "ACME_D")),
        values("values:", "  a: at ${acme.users[*].name}")
            .has(
                "3: 'a': '${acme.users[*].name}' stands for a list of texts and cannot be part of"
                    + " a text"),
        values("values:", "  a: ${acme.a:${acme.b}}")
            .has("3: 'a': expected a text after ':', found another '${'"),
        values("values:", "  a: ${acme.a").has("3: 'a': expected '}' after '${', found none"));
  }

  @Test
  void saysThatAFileCannotBeTaken() {
    var file = SourceFile.refused("reindex", "jobs/reindex.yml", "no luck");

    assertThat(JobParser.parse(ShippedKinds.all(), file, property -> null))
        .isEqualTo(new ParsedFile("reindex", null, List.of("jobs/reindex.yml: no luck")));
  }

  @Test
  void makesNoJobOfAFileWithProblems() {
    var file = SourceFile.of("reindex", "jobs/reindex.yaml", "updates: [{name: a, run: ''}]");

    assertThat(JobParser.parse(ShippedKinds.all(), file, property -> null).job()).isEmpty();
  }

  private static Text file(String... lines) {
    return new Text(String.join("\n", lines));
  }

  private static Text update(String... lines) {
    return file("updates:", "  - " + String.join("\n    ", lines));
  }

  private static Text read(String... lines) {
    return update("name: a", "write: SELECT 1", String.join("\n    ", lines));
  }

  private static Text write(String... lines) {
    return update("name: a", "read: {table: t, key: id}", String.join("\n    ", lines));
  }

  private static Text values(String... lines) {
    return file("updates: [{name: a, run: SELECT 1}]", String.join("\n", lines));
  }

  private static List<String> problems(String text) {
    var file = SourceFile.of("reindex", "jobs/reindex.yaml", text);
    return JobParser.parse(ShippedKinds.all(), file, property -> null).problems();
  }

  /** The text of a file with problems. */
  private record Text(String text) {

    Arguments has(String... problems) {
      return Arguments.of(
          text, Stream.of(problems).map(problem -> "jobs/reindex.yaml:" + problem).toList());
    }
  }
}
