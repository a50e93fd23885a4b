package io.undercurrent.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.ShippedKinds;
import io.undercurrent.kind.DefinitionChange;
import io.undercurrent.kind.Incidental;
import io.undercurrent.kind.KeptDefinition;
import io.undercurrent.kind.Part;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.sql.Sql;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeptDefinitionTests {

  private static final String FILE =
      """
      description: Fill the numbers.
      values: {server: "${server}", unused: "${unused}"}
      updates:
        - name: fill
          read: {table: halls, key: [id], where: n IS NULL AND t = 'Ab'}
          process: cipher
          write: UPDATE halls SET n = 1 WHERE halls.id = chunk.id AND s = :server
          expect: {changed-per-item: 1}
      """;

  private final Map<String, String> properties = new HashMap<>();

  private KeptDefinition kept(String file) {
    var job = job(file);
    return KeptDefinition.of(job.updates().get(0), job.values());
  }

  private JobFile job(String file) {
    properties.putIfAbsent("server", "a");
    properties.putIfAbsent("unused", "a");
    var parsed =
        JobParser.parse(
            ShippedKinds.all(), SourceFile.of("job", "jobs/job.yaml", file), properties::get);
    assertThat(parsed.problems()).isEmpty();
    return parsed.job().orElseThrow();
  }

  private String changes(String edited) {
    // as it comes back from the database
    var before = KeptDefinition.parse(kept(FILE).json());
    return DefinitionChange.words(before.changesTo(kept(edited)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          description: Fill the numbers.  | # a comment
          SET n = 1                       | set   N=1
          n IS NULL                       | 'n /* none */ Is null'
          halls.id = chunk.id             | halls.id=chunk.id
          {changed-per-item: 1}           | {changed-per-item: "0..1"}
          - name: fill                    | '- {name: fill, ordering: 7, lanes: 4, batch: {max: 9}, lock-timeout: 2s, allow: slow-plan}'
          """)
  void isTheSameHoweverItIsWrittenAndRun(String text, String edited) {
    var file =
        edited.startsWith("- {")
            ? FILE.replace(
                text,
                "- name: fill\n    ordering: 7\n    batch: {max: 9}\n    lock-timeout: 2s\n    allow: slow-plan\n    on-error: {quarantine: {rows: 1}}")
            : FILE.replace(text, edited);

    assertThat(changes(file)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SET n = 1     | SET n = 2     | write.statements.1: ... halls SET n = 1 WHERE halls.id = chunk.id AND s = :server → ... halls SET n = 2 WHERE halls.id = chunk.id AND s = :server
          table: halls  | table: rooms  | read.table: halls → rooms
          key: [id]     | key: [id, n]  | read.key.2: nothing → n
          'Ab'          | 'ab'          | read.where: n IS NULL AND t = 'Ab' → n IS NULL AND t = 'ab'
          , where: n IS NULL AND t = 'Ab' | '' | read.where: n IS NULL AND t = 'Ab' → nothing
          process: cipher | process: code | process.bean: cipher → code
          process: cipher | 'process: {bean: cipher, outside-transaction: true}' | process.outside-transaction: nothing → true
          - name: fill    | '- row-security: filter\n    name: fill'               | row-security: nothing → filter
          """)
  void isAnotherWhereSomethingElseIsDone(String text, String edited, String change) {
    assertThat(FILE).contains(text);

    assertThat(changes(FILE.replace(text, edited.replace("\\n", "\n")))).isEqualTo(change);
  }

  @Test
  void isAnotherWithAnotherValueThatTheSqlUses() {
    var before = kept(FILE);
    properties.put("unused", "b");
    assertThat(before.changesTo(kept(FILE))).isEmpty();
    properties.put("server", "secret");

    assertThat(DefinitionChange.words(before.changesTo(kept(FILE))))
        .isEqualTo("values.server: another value");
    assertThat(kept(FILE).json()).doesNotContain("secret");
  }

  @Test
  void isKeptInADatabaseOfAnyEncoding() {
    var kept = kept(FILE.replace("'Ab'", "'\u00e9\u2192'"));

    assertThat(kept.json()).isASCII();
    assertThat(KeptDefinition.parse(kept.json())).isEqualTo(kept);
  }

  @Test
  void tellsWhatARunCanGoOnWith() {
    assertThat(acceptable(FILE.replace("n = 1", "n = 2"))).isTrue();
    assertThat(acceptable(FILE.replace("n IS NULL", "n = 0"))).isTrue();
    assertThat(acceptable(FILE.replace("cipher", "code"))).isTrue();
    assertThat(acceptable(FILE.replace("table: halls", "table: rooms"))).isFalse();
    assertThat(acceptable(FILE.replace("[id]", "[n]"))).isFalse();
    assertThat(acceptable("updates: [{name: fill, run: SELECT 1}]")).isFalse();
  }

  private boolean acceptable(String edited) {
    var changes = kept(FILE).changesTo(kept(edited));
    assertThat(changes).isNotEmpty();
    return changes.stream().allMatch(DefinitionChange::isAcceptable);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          read: {table: halls, key: id, from: 1}, write: SELECT 1 FROM chunk | from: 1 | from: 2
          read: {table: halls, key: id, from: 1}, write: SELECT 1 FROM chunk | ', from: 1' | ''
          convert-column: {table: halls, column: n, to: text, using: lower(n)} | lower | upper
          validate-constraint: {table: halls, name: even, add: CHECK (n > 1)}  | n > 1 | n > 2
          """)
  void goesOnWithNothingThatHoldsForTheWholeRun(String update, String text, String edited) {
    var file =
        "values: {server: '${server}', unused: '${unused}'}\nupdates: [{name: u, %s}]"
            .formatted(update);
    var before = KeptDefinition.parse(kept(file).json());

    assertThat(before.changesTo(kept(file))).isEmpty();
    assertThat(before.changesTo(kept(file.replace(text, edited))))
        .isNotEmpty()
        .anyMatch(change -> !change.isAcceptable());
  }

  @Test
  void goesOnWithNoOtherValueOfThem() {
    var file =
        "values: {server: '${server}'}\nupdates: [{name: u, convert-column: {table: halls, column: n, to: text, using: n || :server}}]";
    var before = KeptDefinition.parse(kept(file).json());
    properties.put("server", "b");

    assertThat(before.changesTo(kept(file)))
        .singleElement()
        .matches(change -> !change.isAcceptable());
  }

  @Test
  void letsAnotherColumnBeCalledATable() {
    var file = "updates: [{name: u, update: {table: halls, set: {timetable: 1}}}]";

    assertThat(kept(file).changesTo(kept(file.replace("1", "2"))))
        .isNotEmpty()
        .allMatch(DefinitionChange::isAcceptable);
  }

  @Test
  void letsASwapBeDoneByItselfInstead() {
    var file =
        "updates: [{name: u, convert-column: {table: halls, column: n, to: text, swap: %s}}]";

    assertThat(kept(file.formatted("manual")).changesTo(kept(file.formatted("auto")))).isEmpty();
  }

  @Test
  void namesThePartsOfEachKindAsRunsOfOlderVersionsDo() throws IOException {
    var all = new ArrayList<String>();
    for (var update : examples()) {
      all.add(KeptDefinition.of(update, Map.of("server", "a")).json());
    }

    assertThat(all)
        .as("what runs have kept: where a part has another name now, they are held")
        .containsAll(resource("definitions.jsonl").lines().toList());
  }

  /** Those of the kinds, and some that say whatever can be said. */
  private List<UpdateDefinition> examples() throws IOException {
    var all = new ArrayList<UpdateDefinition>();
    for (var kind : ShippedKinds.all().all()) {
      all.addAll(job("updates:\n" + kind.example().indent(2)).updates());
    }
    all.addAll(job(resource("definitions.yaml")).updates());
    return all;
  }

  /** What that file lacks could be renamed, and runs be held by an upgrade. */
  @Test
  void knowsAllPartsThatRunsMayKeep() throws IOException {
    var known = withoutNumbers(resource("definitions.jsonl"));

    var possible =
        examples().stream().flatMap(update -> names("", update.work().getClass())).distinct();

    assertThat(possible)
        .isNotEmpty()
        .allMatch(name -> known.contains('"' + name + '"') || known.contains('"' + name + '.'));
  }

  private static String withoutNumbers(String json) {
    return json.replaceAll("\\.\\d+(?=[.\"])", "");
  }

  /** The names of the parts that a type has. */
  private static Stream<String> names(String path, Class<?> type) {
    if (type.isSealed() && type.isInterface()) {
      return Stream.of(type.getPermittedSubclasses()).flatMap(each -> names(path, each));
    }
    if (!type.isRecord() || type == Sql.class) {
      return Stream.of(path);
    }
    return Stream.of(type.getRecordComponents())
        .filter(component -> !component.getName().equals("line"))
        .filter(component -> !component.isAnnotationPresent(Incidental.class))
        .filter(component -> !component.getType().isAnnotationPresent(Incidental.class))
        .flatMap(each -> names(path(path, each), type(each)));
  }

  private static String path(String path, RecordComponent component) {
    var part = component.getAnnotation(Part.class);
    var name =
        part != null ? part.value() : component.getName().replaceAll("[A-Z]", "-$0").toLowerCase();
    return path.isEmpty() || name.isEmpty() ? path + name : path + "." + name;
  }

  /** That of a component, or of the elements of a list. */
  private static Class<?> type(RecordComponent component) {
    return component.getGenericType() instanceof ParameterizedType list
            && component.getType() == List.class
        ? (Class<?>) list.getActualTypeArguments()[0]
        : component.getType();
  }

  private static String resource(String name) throws IOException {
    try (var stream = KeptDefinitionTests.class.getResourceAsStream("/json/" + name)) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }
}
