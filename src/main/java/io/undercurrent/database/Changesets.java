package io.undercurrent.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.core.io.ClassPathResource;

/** The changesets of this version, read from the changelog without starting Liquibase. */
final class Changesets {

  static final String ROOT = "db/changelog.yaml";
  static final String DIRECTORY = "db/changelog/";

  private static final Pattern INCLUDE = Pattern.compile("include: \\{file: changelog/([^,}]+)");
  private static final Pattern CHANGESET =
      Pattern.compile("(?m)^--changeset undercurrent:([^\\s:]+)");

  private Changesets() {}

  /** Their names, in order. */
  static List<String> known() {
    return matches(INCLUDE, ROOT)
        .map(DIRECTORY::concat)
        .flatMap(file -> matches(CHANGESET, file))
        .toList();
  }

  private static Stream<String> matches(Pattern pattern, String resource) {
    return pattern.matcher(read(resource)).results().map(match -> match.group(1));
  }

  private static String read(String resource) {
    try {
      return new ClassPathResource(resource).getContentAsString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
