package io.undercurrent.csv;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvFileTests {

  @TempDir private Path directory;

  @Test
  void readsQuotedValuesOverSeveralLines() throws IOException {
    var file = file("id,name\r\n1,\"a, \"\"b\"\"\"\r\n2,\"two\nlines\"\r\n3,ä");

    assertThat(file.columns()).containsExactly("id", "name");
    assertThat(file.after(1, 10))
        .containsExactly(
            new CsvLine(2, List.of("1", "a, \"b\"")),
            new CsvLine(3, List.of("2", "two\nlines")),
            new CsvLine(5, List.of("3", "ä")));
  }

  @Test
  void takesWhatIsEmptyForNullUnlessItIsQuoted() throws IOException {
    assertThat(file("id,name\n1,\n2,\"\"\n").after(1, 10))
        .containsExactly(
            new CsvLine(2, Arrays.asList("1", null)), new CsvLine(3, List.of("2", "")));
  }

  @Test
  void readsLinesAgainUntilItIsAskedForThoseThatFollow() throws IOException {
    var file = file("id\n1\n2\n3\n4\n5\n");

    assertThat(numbers(file.after(1, 2))).containsExactly(2L, 3L);
    assertThat(numbers(file.after(1, 3))).containsExactly(2L, 3L, 4L);
    assertThat(numbers(file.after(3, 2))).containsExactly(4L, 5L);
    assertThat(numbers(file.after(2, 9))).containsExactly(3L, 4L, 5L, 6L);
    file.close();
    assertThat(numbers(file.after(5, 9))).containsExactly(6L);
    assertThat(file.after(6, 9)).isEmpty();
  }

  private static List<Long> numbers(List<CsvLine> lines) {
    return lines.stream().map(CsvLine::number).toList();
  }

  @Test
  void namesTheLineThatIsBroken() throws IOException {
    refused(
        () -> file(""), 1, "expected a line with the names of the columns, found an empty file");
    refused(
        () -> file("id,,name\n"), 1, "expected names of columns, each once, found [id, , name]");
    refused(() -> file("id,id\n"), 1, "expected names of columns, each once, found [id, id]");
    refused(
        () -> file("\uFEFFid\n1\n"),
        1,
        "expected UTF-8 without a byte order mark, found one. Save it without");
    refused(
        () -> file("id,name\n1,a\n2\n").after(1, 9),
        3,
        "expected 2 values, as in the first line, found 1");
    refused(
        () -> file("id,name\n1,a\n\n").after(1, 9), 3, "expected 2 values, found an empty line");
    assertThatThrownBy(() -> file("id,name\n1,a\n2,\"b\"c\n").after(1, 9))
        .hasMessageStartingWith(path() + ":3: broken CSV: ");
  }

  @Test
  void namesTheLineThatIsNotUtf8HoweverFarTheReaderIs() throws IOException {
    var lines = "1,x\n".repeat(5_000);

    Files.write(path(), ("id,name\n" + lines + "2,ä\n" + lines).getBytes(ISO_8859_1));
    refused(() -> CsvFile.open(path()).after(1, 9_000), 5_002, "expected UTF-8, found other bytes");
    Files.write(path(), "id,name\n1,a\n".getBytes(UTF_16));
    refused(() -> CsvFile.open(path()), 1, "expected UTF-8, found other bytes");
  }

  @Test
  void saysWhenItIsNotThere() {
    assertThatThrownBy(() -> CsvFile.open(path()))
        .isInstanceOf(RefusedException.class)
        .hasMessageStartingWith(path() + ": expected a file that can be read here, found none (");
  }

  @Test
  void noticesThatItHasChanged() throws IOException {
    var file = file("id\n1\n");
    var before = file.fingerprint();
    Files.writeString(path(), "id\n1\n2\n");

    assertThat(before).startsWith("5 bytes, SHA-256 ");
    assertThatThrownBy(file::requireUnchanged)
        .isInstanceOf(RefusedException.class)
        .hasMessageStartingWith(
            "expected " + path() + " to stay as it was when this run began (5 by")
        .hasMessageEndingWith("). Put that back, or begin a new run with: cancel and start");
    assertThatThrownBy(() -> CsvFile.open(path()).requireFingerprint(before))
        .hasMessageContaining("found it changed (7 bytes, SHA-256 ");
  }

  @Test
  void takesTheSameContentForTheSameFile() throws IOException {
    var file = file("id\n1\n");
    file.fingerprint();
    Files.delete(path());

    file("id\n1\n");

    file.requireUnchanged();
  }

  private void refused(ThrowingCallable reading, int line, String sentence) {
    assertThatThrownBy(reading)
        .isInstanceOf(RefusedException.class)
        .hasMessage("%s:%d: %s", path(), line, sentence);
  }

  private CsvFile file(String text) throws IOException {
    return CsvFile.open(Files.writeString(path(), text));
  }

  private Path path() {
    return directory.resolve("fixes.csv");
  }
}
