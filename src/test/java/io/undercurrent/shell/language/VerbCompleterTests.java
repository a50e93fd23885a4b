package io.undercurrent.shell.language;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Changelog;
import io.undercurrent.job.JobFile;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.run.RunStatements;
import io.undercurrent.shell.verb.AllVerbs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jline.reader.Candidate;
import org.jline.reader.Parser.ParseContext;
import org.jline.reader.impl.DefaultParser;
import org.junit.jupiter.api.Test;

class VerbCompleterTests {

  private int height = 40;
  private final VerbCompleter completer =
      new VerbCompleter(
          AllVerbs.described(),
          new Names(
              () -> List.of(job("titles", "fill_titles", "index_titles")),
              database -> List.of("archive".equals(database) ? "purge" : "fill_titles"),
              () -> List.of("master", "archive"),
              List.of("exit-codes")),
          () -> height);

  @Test
  void completesVerbs() {
    assertThat(completed("st")).contains("start", "status", "queue");
  }

  @Test
  void offersWhatLooksBeforeWhatChangesSomething() {
    assertThat(completed(""))
        .startsWith("chart", "check", "databases", "doctor", "dry-run", "get")
        .containsSubsequence("status", "watch", "cancel", "start", "demo", "help");
    assertThat(candidates("")).isSorted();
  }

  @Test
  void completesWhatDoctorCanFind() {
    assertThat(completed("doctor --fix ")).contains("invalid-index", "stale-pause");
    assertThat(completed("doctor ")).isEqualTo(completed("status --database "));
  }

  @Test
  void describesVerbsWhereThereIsRoom() {
    assertThat(candidates("")).extracting(Candidate::descr).doesNotContainNull();
    height = 24;
    assertThat(candidates("")).extracting(Candidate::descr).containsOnlyNulls();
  }

  @Test
  void completesNamesByWhatTheVerbTakes() {
    assertThat(completed("start ")).containsExactly("titles");
    assertThat(completed("retry ")).containsExactly("fill_titles");
    assertThat(completed("history ")).containsExactly("fill_titles", "index_titles", "purge");
    assertThat(completed("set fill_titles "))
        .contains("lanes=1", "lanes=8", "target=250ms", "max=20000", "sleep=0")
        .isEqualTo(completed("set fill_titles lanes=4 "));
    assertThat(completed("help ")).contains("exit-codes");
    assertThat(completed("token ")).containsExactly("create", "list", "revoke");
  }

  @Test
  void completesOptionsThatAreNotThereYet() {
    assertThat(completed("cancel fill_titles --")).contains("--yes", "--database", "--help");
    assertThat(completed("cancel fill_titles --yes --")).doesNotContain("--yes");
    assertThat(completed("start titles ")).contains("--database");
  }

  @Test
  void completesTheValueOfAnOption() {
    assertThat(completed("start --database ")).containsExactly("master", "archive");
    assertThat(completed("start --database master ")).containsExactly("titles");
    assertThat(completed("cancel --yes ")).containsExactly("fill_titles");
  }

  @Test
  void completesTheNamesOfTheDatabaseThatIsMeant() {
    assertThat(completed("retry --database archive ")).containsExactly("purge");
    assertThat(completed("pause --database archive --reason lunch ")).containsExactly("purge");
    assertThat(completed("show --database archive ")).contains("purge", "index_titles");
    assertThat(completed("retry --database master ")).containsExactly("fill_titles");
  }

  @Test
  void knowsNothingAboutUnknownVerbs() {
    assertThat(completed("xyz ")).isEmpty();
  }

  private List<String> completed(String line) {
    return candidates(line).stream().map(Candidate::value).toList();
  }

  private List<Candidate> candidates(String line) {
    var candidates = new ArrayList<Candidate>();
    var parsed = new DefaultParser().parse(line, line.length(), ParseContext.COMPLETE);
    completer.complete(null, parsed, candidates);
    return candidates;
  }

  private static JobFile job(String name, String... updates) {
    var definitions =
        List.of(updates).stream()
            .map(
                update ->
                    new UpdateDefinition(
                        update, null, 0, null, null, new RunStatements(List.of()), 1))
            .toList();
    return new JobFile(
        name, null, "jobs/" + name + ".yaml", definitions, Map.of(), Changelog.ENGINE);
  }
}
