package io.undercurrent.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.ShippedKinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The updates that documents show are as job files have them. */
class DocumentedJobsTests {

  private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```yaml\n(.*?)^```$");

  private static List<String> examples() throws IOException {
    var pages = new ArrayList<>(List.of(Path.of("README.md")));
    try (var found = Files.list(Path.of("src/docs"))) {
      pages.addAll(found.toList());
    }
    var examples = new ArrayList<String>();
    for (var page : pages) {
      EXAMPLE
          .matcher(Files.readString(page))
          .results()
          .forEach(each -> examples.add(each.group(1)));
    }
    return examples.stream().filter(yaml -> yaml.contains("- name: ")).toList();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void hasNoProblem(String example) {
    var file = example.contains("updates:") ? example : "updates:\n" + example;

    var parsed =
        JobParser.parse(ShippedKinds.all(), SourceFile.of("job", "job.yaml", file), n -> n);

    assertThat(parsed.problems()).isEmpty();
  }
}
