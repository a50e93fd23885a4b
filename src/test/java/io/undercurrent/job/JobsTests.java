package io.undercurrent.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.undercurrent.command.ShippedKinds;
import io.undercurrent.database.RefusedException;
import io.undercurrent.kind.UpdateDefinition;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobsTests {

  @TempDir private Path directory;

  @TempDir private Path jar;

  @BeforeEach
  void putAJobIntoTheJar() throws IOException {
    Files.createDirectory(jar.resolve("jobs"));
    write(jar.resolve("jobs/reindex.yaml"), "reindex_pages");
  }

  @Test
  void listsTheJobsOfDirectoryAndJarByName() throws IOException {
    write(directory.resolve("titles.yml"), "fill_titles");
    write(directory.resolve("authors.YAML"), "fill_authors");

    assertThat(jobs().all())
        .extracting(JobFile::name, JobFile::source)
        .containsExactly(
            tuple("authors", directory + "/authors.YAML"),
            tuple("reindex", "classpath:jobs/reindex.yaml"),
            tuple("titles", directory + "/titles.yml"));
  }

  @Test
  void looksAtNothingButJobFiles() throws IOException {
    write(directory.resolve("notes.txt"), "a");
    write(directory.resolve(".hidden.yaml"), "b");
    write(directory.resolve("titles.yaml~"), "c");
    write(Files.createDirectory(directory.resolve("examples")).resolve("titles.yaml"), "d");
    Files.createDirectory(directory.resolve("directory.yaml"));
    write(Files.createDirectory(jar.resolve("jobs/examples")).resolve("titles.yaml"), "e");

    assertThat(jobs().all()).extracting(JobFile::name).containsExactly("reindex");
    assertThat(jobs().problems()).isEmpty();
  }

  @Test
  void prefersTheDirectoryToTheJar() throws IOException {
    write(directory.resolve("reindex.yml"), "reindex_all");

    assertThat(jobs().get("reindex").updates())
        .extracting(UpdateDefinition::name)
        .containsExactly("reindex_all");
    assertThat(jobs().definition("reindex_pages")).isEmpty();
  }

  @Test
  void doesNotFallBackToTheJarWhenTheDirectoryHasABrokenFile() throws IOException {
    Files.writeString(directory.resolve("reindex.yaml"), "updates: []");

    assertThat(jobs().all()).isEmpty();
  }

  @Test
  void needsNoDirectory() {
    assertThat(jobs(directory.resolve("jobs")).all())
        .extracting(JobFile::name)
        .containsExactly("reindex");
  }

  @Test
  void seesWhatWasEdited() throws IOException {
    var jobs = jobs();
    var file = write(directory.resolve("titles.yaml"), "fill_title1");
    var edited = Files.getLastModifiedTime(file);
    var before = jobs.get("titles");

    write(file, "fill_title2");
    Files.setLastModifiedTime(file, edited);
    var after = jobs.get("titles");
    Files.delete(file);

    assertThat(before.updates()).extracting(UpdateDefinition::name).containsExactly("fill_title1");
    assertThat(after.updates()).extracting(UpdateDefinition::name).containsExactly("fill_title2");
    assertThat(jobs.all()).extracting(JobFile::name).containsExactly("reindex");
  }

  @Test
  void readsNothingAgainThatHasNotChanged() {
    var jobs = jobs();

    assertThat(jobs.get("reindex")).isSameAs(jobs.get("reindex"));
  }

  @Test
  void findsWhatDefinesAnUpdate() throws IOException {
    write(directory.resolve("titles.yaml"), "fill_titles");

    assertThat(jobs().definition("fill_titles"))
        .hasValueSatisfying(
            update -> {
              assertThat(update.job().name()).isEqualTo("titles");
              assertThat(update.definition().name()).isEqualTo("fill_titles");
            });
    assertThat(jobs().definition("fill_authors")).isEmpty();
  }

  @Test
  void findsNothingInAFileWithProblems() throws IOException {
    Files.writeString(
        directory.resolve("titles.yaml"), "updates: [{name: fill_titles, run: SELECT 1}]\nx: y");

    assertThat(jobs().definition("fill_titles")).isEmpty();
  }

  @Test
  void guessesWhichJobWasMeant() {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> jobs().get("reindx"))
        .withMessage("Unknown job 'reindx', did you mean 'reindex'? List the jobs with: jobs");
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> jobs().get("titles"))
        .withMessage("Unknown job 'titles'. List the jobs with: jobs");
  }

  @Test
  void refusesAJobWithAllItsProblems() throws IOException {
    Files.writeString(directory.resolve("titles.yaml"), "updates: []\nx: y");

    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> jobs().get("titles"))
        .withMessage(
            """
            Job 'titles' has problems:
            %1$s/titles.yaml:1: 'updates': expected at least one, found an empty list
            %1$s/titles.yaml:2: unknown key 'x'; known here: description, needs, updates, values""",
            directory);
  }

  @Test
  void namesTheProblemsOfAllFiles() throws IOException {
    Files.writeString(directory.resolve("titles.yaml"), "updates: []");
    Files.writeString(directory.resolve("authors.yaml"), "- a");

    assertThat(jobs().problems())
        .containsExactly(
            directory + "/authors.yaml:1: expected a mapping, found a list",
            directory + "/titles.yaml:1: 'updates': expected at least one, found an empty list");
    assertThat(jobs().problems("authors"))
        .containsExactly(directory + "/authors.yaml:1: expected a mapping, found a list");
    assertThat(jobs().problems("reindex")).isEmpty();
    assertThat(jobs().problems("nothing")).isEmpty();
  }

  @Test
  void refusesAnUpdateThatTwoFilesDefine() throws IOException {
    write(directory.resolve("titles.yaml"), "reindex_pages");

    var problem =
        "update 'reindex_pages' is also defined in %s:2; expected only one file to define it";
    assertThat(jobs().all()).isEmpty();
    assertThat(jobs().problems())
        .containsExactly(
            "classpath:jobs/reindex.yaml:2: " + problem.formatted(directory + "/titles.yaml"),
            directory + "/titles.yaml:2: " + problem.formatted("classpath:jobs/reindex.yaml"));
  }

  @Test
  void refusesTwoFilesForOneJob() throws IOException {
    write(directory.resolve("titles.yaml"), "fill_titles");
    write(directory.resolve("titles.yml"), "fill_titles");

    assertThat(jobs().problems())
        .containsExactly(
            "%1$s/titles.yml: expected one file for job 'titles', found %1$s/titles.yaml as well"
                .formatted(directory));
  }

  @Test
  void takesADependencyOnAnotherFile() throws IOException {
    write(directory.resolve("titles.yaml"), "fill_titles\n    depends-on: reindex_pages");

    assertThat(jobs().problems()).isEmpty();
  }

  @Test
  void namesACycleThroughSeveralFiles() throws IOException {
    write(directory.resolve("authors.yaml"), "fill_authors\n    depends-on: fill_titles");
    write(directory.resolve("titles.yaml"), "fill_titles\n    depends-on: fill_authors");
    write(directory.resolve("words.yaml"), "fill_words\n    depends-on: fill_titles");

    var problem =
        ":2: dependency cycle: %s; an update without 'depends-on' depends on the one before it";
    assertThat(jobs().problems())
        .containsExactly(
            directory
                + "/authors.yaml"
                + problem.formatted("'fill_authors' -> 'fill_titles' -> 'fill_authors'"),
            directory
                + "/titles.yaml"
                + problem.formatted("'fill_titles' -> 'fill_authors' -> 'fill_titles'"));
  }

  @Test
  void refusesAFileThatNobodyCanHaveWritten() throws IOException {
    Files.writeString(directory.resolve("dump.yaml"), "#".repeat((1 << 20) + 1));
    Files.createSymbolicLink(directory.resolve("gone.yaml"), Path.of("nowhere"));

    assertThat(jobs().problems())
        .containsExactly(
            directory + "/dump.yaml: expected at most 1048576 bytes, found 1048577",
            directory + "/gone.yaml: expected a file, found a link to nothing");
  }

  @Test
  void followsLinks() throws IOException {
    var elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    write(elsewhere.resolve("x.yaml"), "fill_titles");
    Files.createSymbolicLink(directory.resolve("titles.yaml"), elsewhere.resolve("x.yaml"));

    assertThat(jobs().get("titles").updates())
        .extracting(UpdateDefinition::name)
        .containsExactly("fill_titles");
  }

  @Test
  void refusesADependencyThatNoFileDefines() throws IOException {
    write(directory.resolve("titles.yaml"), "fill_titles\n    depends-on: reindex_page");

    assertThat(jobs().problems())
        .containsExactly(
            directory
                + "/titles.yaml:2: no file defines update 'reindex_page', which 'depends-on' names,"
                + " did you mean 'reindex_pages'?");
  }

  @Test
  void leavesDependenciesAloneWhileAFileCannotBeRead() throws IOException {
    write(directory.resolve("titles.yaml"), "fill_titles\n    depends-on: fill_authors");
    Files.writeString(directory.resolve("authors.yaml"), "updates: [");

    assertThat(jobs().problems("titles")).isEmpty();
  }

  @Test
  void fillsPlaceholdersFromTheProperties() throws IOException {
    Files.writeString(
        directory.resolve("titles.yaml"),
        """
        updates: [{name: fill_titles, run: SELECT 1}]
        values: {language: "${acme.language}"}
        """);

    assertThat(jobs().get("titles").values()).isEqualTo(Map.of("language", "en"));
  }

  private Jobs jobs() {
    return jobs(directory);
  }

  private Jobs jobs(Path directory) {
    try {
      var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
      return new Jobs(
          ShippedKinds.all(), directory, Map.of("acme.language", (Object) "en")::get, loader);
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path write(Path file, String update) throws IOException {
    return Files.writeString(file, "updates:\n  - name: %s\n    run: SELECT 1\n".formatted(update));
  }
}
