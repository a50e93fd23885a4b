package io.undercurrent.job;

import static com.networknt.schema.InputFormat.JSON;
import static com.networknt.schema.InputFormat.YAML;
import static com.networknt.schema.SpecificationVersion.DRAFT_2020_12;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import io.undercurrent.command.ShippedKinds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.exc.StreamReadException;

/** The JSON Schema of job files, held against the parser. */
class JobSchemaTests {

  private static final Path SHIPPED = Path.of("jobs", JobSchema.FILE);
  private static final Pattern BLOCK = Pattern.compile("(?s)```yaml\n(.*?)```");

  /** What is wrong with the shape of a file rather than with what it says. */
  private static final Pattern OF_SHAPE =
      Pattern.compile(
          "unknown key|missing key '[\\w-]+'$|expected (a mapping|a list|a text|SQL|an integer|true"
              + " or false|at least one|asc or desc|first or last|filter|a number of 1 or more|a number from|a time window such|a time zone at)\\b"
              + "|expected a duration .*found ('[a-z0-9]*'|nothing)$");

  private static final String OF_ITS_SIZE = "25d|0s";

  private final Schema schema = registry().getSchema(JobSchema.of(ShippedKinds.all()));

  private static SchemaRegistry registry() {
    return SchemaRegistry.withDefaultDialect(DRAFT_2020_12);
  }

  private List<String> errors(String file) {
    try {
      return schema.validate(file, YAML).stream().map(Error::toString).toList();
    } catch (StreamReadException e) {
      return List.of("broken YAML");
    }
  }

  @Test
  void isASchema() {
    var of = registry().getSchema(SchemaLocation.of(DRAFT_2020_12.getDialectId()));

    assertThat(of.validate(JobSchema.of(ShippedKinds.all()), JSON)).isEmpty();
  }

  @Test
  void isShippedBesideTheJobs() throws IOException {
    var made = JobSchema.of(ShippedKinds.all());
    var shipped = Files.exists(SHIPPED) ? Files.readString(SHIPPED) : "";
    if (!made.equals(shipped)) {
      Files.writeString(SHIPPED, made);
    }

    assertThat(shipped.equals(made))
        .as("%s was old, and has been written anew: commit it", SHIPPED)
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void isNamedInShippedFilesWhichMatch(Path file) throws IOException {
    var text = Files.readString(file);
    var relative = file.getParent().relativize(SHIPPED).toString().replace('\\', '/');

    assertThat(text).startsWith("# yaml-language-server: $schema=" + relative + "\n");
    assertThat(errors(text)).isEmpty();
  }

  private static List<Path> shipped() throws IOException {
    return files(Path.of(""));
  }

  /** The job files in a directory. */
  private static List<Path> files(Path directory) throws IOException {
    var jobs = directory.resolve("jobs");
    if (Files.notExists(jobs)) {
      return List.of();
    }
    try (var files = Files.walk(jobs)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @Test
  void matchesTheFilesOfTestsThatParse() throws IOException {
    for (var path : files(Path.of("src/test/resources"))) {
      var file = Files.readString(path);
      if (problems(file).isEmpty()) {
        assertThat(errors(file)).as("%s", path).isEmpty();
      }
    }
  }

  @Test
  void matchesTheExampleOfEachKindWhichParses() {
    for (var kind : ShippedKinds.all().all()) {
      var file = "updates:\n" + kind.example().indent(2);

      assertThat(errors(file)).as(kind.name()).isEmpty();
      assertThat(problems(file)).as(kind.name()).isEmpty();
    }
  }

  @Test
  void matchesTheExamplesOfTheDocumentsWhichParse() throws IOException {
    var files = documents().flatMap(JobSchemaTests::examples).toList();

    assertThat(files).hasSizeGreaterThan(3);
    assertThat(files)
        .allSatisfy(
            file -> {
              assertThat(errors(file)).as(file).isEmpty();
              assertThat(problems(file)).as(file).isEmpty();
            });
  }

  private static Stream<Path> documents() throws IOException {
    try (var pages = Files.list(Path.of("src/docs"))) {
      return Stream.concat(Stream.of(Path.of("README.md")), pages.toList().stream());
    }
  }

  /** Whole files, and updates that stand alone. */
  private static Stream<String> examples(Path document) {
    try {
      return BLOCK
          .matcher(Files.readString(document))
          .results()
          .map(block -> block.group(1))
          .map(
              text ->
                  text.matches("(?s)(\\s*#[^\n]*\n)*\\s*- name: .*")
                      ? "updates:\n" + text.indent(2)
                      : text)
          .filter(text -> text.lines().anyMatch("updates:"::equals));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> problems(String file) {
    return JobParser.parse(
            ShippedKinds.all(), SourceFile.of("job", "job.yaml", file), property -> "a")
        .problems();
  }

  @ParameterizedTest
  @MethodSource({
    "io.undercurrent.job.JobProblemsTests#badFiles",
    "io.undercurrent.job.JobProblemsTests#badUpdates",
    "io.undercurrent.job.JobProblemsTests#badWork",
    "io.undercurrent.job.JobProblemsTests#badReads",
    "io.undercurrent.job.JobProblemsTests#badWrites",
    "io.undercurrent.job.JobProblemsTests#badExpectations",
    "io.undercurrent.job.JobProblemsTests#badIndexes",
    "io.undercurrent.job.JobProblemsTests#badChunkSettings"
  })
  void refusesTheShapesThatTheParserRefuses(String file, List<String> problems) {
    var ofShape =
        problems.stream()
            .filter(problem -> OF_SHAPE.matcher(problem).find())
            .filter(problem -> !problem.matches(".*found '(%s)'".formatted(OF_ITS_SIZE)))
            .toList();

    // It may well refuse more.
    if (!ofShape.isEmpty()) {
      assertThat(errors(file)).as("%s %s", file, problems).isNotEmpty();
    }
  }
}
