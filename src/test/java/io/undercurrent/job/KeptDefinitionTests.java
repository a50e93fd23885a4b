package io.undercurrent.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.ShippedKinds;
import io.undercurrent.kind.DefinitionChange;
import io.undercurrent.kind.KeptDefinition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    properties.putIfAbsent("server", "a");
    properties.putIfAbsent("unused", "a");
    var parsed =
        JobParser.parse(
            ShippedKinds.all(), SourceFile.of("job", "jobs/job.yaml", file), properties::get);
    assertThat(parsed.problems()).isEmpty();
    var job = parsed.job().orElseThrow();
    return KeptDefinition.of(job.updates().get(0), job.values());
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
          - name: fill                    | '- {name: fill, ordering: 7, batch: {max: 9}, lock-timeout: 2s, allow: slow-plan}'
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
          process: cipher | 'process: {bean: cipher, outside-transaction: true}' | process.outsideTransaction: nothing → true
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

  @Test
  void namesThePartsOfEachKindAsRunsOfOlderVersionsDo() throws IOException {
    var all = new ArrayList<String>();
    for (var kind : ShippedKinds.all().all()) {
      var file = "updates:\n" + kind.example().indent(2);
      all.add(kept(file).json());
      assertThat(kept("# later\n" + file)).isEqualTo(kept(file));
    }

    assertThat(all)
        .as("what runs have kept: where a part has another name now, they are held")
        .containsAll(golden());
  }

  private static List<String> golden() throws IOException {
    try (var stream = KeptDefinitionTests.class.getResourceAsStream("/json/definitions.jsonl")) {
      return new String(stream.readAllBytes(), UTF_8).lines().toList();
    }
  }
}
