package io.undercurrent.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.lease.Owner;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

@PostgresTest
class ReportVerbTests {

  private static final String SCRIPT = "<script>alert('x')</script>";

  private Database database;
  private Path jobs;
  private Path file;
  private TestShell shell;

  @BeforeEach
  void open(Database database, @TempDir Path jobs) throws IOException {
    this.database = database;
    this.jobs = jobs;
    this.file = jobs.resolve("report.html");
    Rows.run(
        database,
        "CREATE TABLE halls (id int PRIMARY KEY, title text)",
        "INSERT INTO halls SELECT generate_series(1, 3)");
    Files.writeString(
        jobs.resolve("titles.yaml"),
        """
        description: %s
        values:
          key: hunter2-of-the-file
        updates:
          - name: fill_titles
            read: {table: halls, key: [id]}
            write: |
              UPDATE halls SET title = '%s'
                FROM chunk
               WHERE halls.id = chunk.id AND coalesce(:key, 'password=hunter2') <> ''
        """
            .formatted(SCRIPT, SCRIPT.replace("'", "''")));
    this.shell = new TestShell(database, jobs);
  }

  @AfterEach
  void close() {
    shell.close();
  }

  private void sampled() {
    Rows.run(
        database,
        "DELETE FROM undercurrent.samples",
        """
        INSERT INTO undercurrent.samples
          (update_name, run, at, ms, items, changed, iterations, iteration_ms, target_ms,
           chunk_size, times)
        SELECT 'fill_titles', 1, timestamptz '2026-11-27 08:00Z' + minute * interval '1 minute',
               60000, 6000, 3000, 20, 2400, 100, 300, '{"working": 50000, "held:slots": 10000}'
          FROM generate_series(1, 48) AS minute""");
  }

  private Document written(String line) throws Exception {
    assertThat(shell.perform(line)).as(shell.err()).isZero();
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(Files.readString(file))));
  }

  @Test
  void saysAllAboutARunThatHasEnded() throws Exception {
    shell.perform("start titles");
    shell.perform("set fill_titles lanes=2 --reason \"a quiet night\"");
    shell.perform("pause fill_titles --reason \"the morning's load\"");
    shell.perform("resume fill_titles");
    assertThat(shell.perform("run")).isZero();
    sampled();

    var document = written("report fill_titles --output " + file);

    assertThat(shell.out())
        .isEqualToNormalizingNewlines(
            "Wrote run 1 of fill_titles on master to %s\n".formatted(file));
    assertThat(document.getElementsByTagName("svg").getLength()).isOne();
    assertThat(document.getElementsByTagName("h1").item(0).getTextContent())
        .isEqualTo("fill_titles on master, run 1");
    assertThat(document.getDocumentElement().getTextContent())
        .contains(
            "COMPLETED",
            "by %s (console, ".formatted(System.getProperty("user.name")),
            "pid %d on %s".formatted(ProcessHandle.current().pid(), Owner.host()),
            Owner.version(),
            "changed3 rows",
            "start titles",
            "set fill_titles",
            "lanes=1 to lanes=2: a quiet night",
            "the morning's load",
            "titles.yaml, line 5, job titles",
            "held by slots 17\u00a0%",
            "values: # left out")
        .containsPattern("database.*//.*PostgreSQL 1\\d");
  }

  @Test
  void isMadeOfTextOnly() throws Exception {
    Rows.run(
        database,
        "ALTER TABLE halls ADD CHECK (title <> '%s')".formatted(SCRIPT.replace("'", "''")));
    shell.perform("start titles");
    shell.perform("pause --reason \"%s postgres://me:hunter2@host\"".formatted(SCRIPT));
    Rows.run(
        database,
        "UPDATE undercurrent.runs SET warning = '</td></body>' || chr(27) || '[31m', last_error = 'x]]>'");

    var document = written("report fill_titles --output " + file);

    assertThat(document.getElementsByTagName("script").getLength()).isZero();
    assertThat(document.getDocumentElement().getTextContent())
        .contains(SCRIPT, "</td></body>\uFFFD[31m");
    assertThat(Files.readString(file))
        .doesNotContain("hunter2", "<script", "http-equiv=\"refresh\"", "src=");
  }

  @Test
  void saysWhatARunDidWhoseFileHasChangedOrIsGone() throws Exception {
    shell.perform("start titles");
    shell.perform("run");
    var text = Files.readString(jobs.resolve("titles.yaml"));
    Files.writeString(
        jobs.resolve("titles.yaml"), text.replace("key: [id]", "key: [id], where: id < 3"));

    assertThat(written("report fill_titles --output " + file).getDocumentElement().getTextContent())
        .contains(
            "The job file says something else now: read.where: nothing → id < 3.",
            "read.tablehalls",
            SCRIPT.replace("'", "''"));

    Files.delete(jobs.resolve("titles.yaml"));
    assertThat(
            written("report fill_titles --run 1 --force --output " + file)
                .getDocumentElement()
                .getTextContent())
        .contains(
            "No job file defines the update any more. When the run began it did:",
            "read.tablehalls",
            SCRIPT.replace("'", "''"))
        .doesNotContain("hunter2");
  }

  @Test
  void isThereForARunThatHasNotStarted() throws Exception {
    shell.perform("start titles");

    assertThat(written("report fill_titles --output " + file).getDocumentElement().getTextContent())
        .contains("QUEUED", "It has not been started.", "there is no such sample", "paused" + "no");
  }

  @Test
  void overwritesNothingUnlessToldTo() throws Exception {
    shell.perform("start titles");
    Files.writeString(file, "mine");

    assertThat(shell.perform("report fill_titles --output " + file)).isOne();
    assertThat(shell.err())
        .contains(
            file
                + " is there already. Overwrite it with --force, or name another file with: --output FILE");
    assertThat(file).hasContent("mine");

    written("report fill_titles --force --output " + file);
    assertThat(shell.perform("report fill_titles --output " + jobs)).isOne();
    assertThat(shell.err()).contains("--output: expected a file, found the directory " + jobs);
    assertThat(shell.perform("report fill_titles --output " + jobs.resolve("no/where.html")))
        .isOne();
    assertThat(shell.err()).contains("cannot be written");
  }

  @Test
  void namesTheFileAfterTheRun() {
    assertThat(ReportVerb.usualName("fill_titles", 3)).isEqualTo("fill_titles-run-3.html");
    assertThat(ReportVerb.usualName("../a/b:c", 3)).isEqualTo("_._a_b_c-run-3.html");
  }
}
