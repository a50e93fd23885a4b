package io.undercurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DocumentsTests {

  private static final Path README = Path.of("README.md");
  private static final Path PAGES = Path.of("src/docs");
  private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]+)");

  @ParameterizedTest
  @MethodSource("documents")
  void linksToNothingThatIsMissing(Path document) throws IOException {
    assertThat(deadLinks(document)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void fitsAScreen(Path document) throws IOException {
    assertThat(Files.readAllLines(document)).allMatch(line -> line.length() <= 160);
  }

  @Test
  void leadsFromTheReadmeToEachPage() throws IOException {
    assertThat(Files.readAllLines(README)).hasSizeLessThanOrEqualTo(300);
    assertThat(links(README)).containsAll(pages());
  }

  static List<Path> deadLinks(Path document) throws IOException {
    return links(document).stream().filter(Files::notExists).toList();
  }

  private static List<Path> links(Path document) throws IOException {
    return LINK.matcher(Files.readString(document))
        .results()
        .map(MatchResult::group)
        .map(link -> document.resolveSibling(link.substring(2)).normalize())
        .toList();
  }

  private static List<Path> documents() throws IOException {
    return Stream.concat(Stream.of(README, Path.of("CHANGELOG.md")), pages().stream()).toList();
  }

  private static List<Path> pages() throws IOException {
    try (var pages = Files.list(PAGES)) {
      return pages.toList();
    }
  }
}
