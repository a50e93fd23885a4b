package io.undercurrent.database;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.springframework.core.io.ClassPathResource;

/** The changesets of this version, read from the changelogs without starting Liquibase. */
final class Changesets {

  static final String DIRECTORY = "db/changelog/";

  private static final Pattern INCLUDE = Pattern.compile("include: \\{file: changelog/([^,}]+)");
  private static final Pattern CHANGESET =
      Pattern.compile(
          "^--changeset undercurrent:([^\\s:]+)([^\\n]*)\\n(.*?)(?=^--changeset |\\z)",
          Pattern.MULTILINE | Pattern.DOTALL);

  private static final Map<Changelog, List<Changeset>> ALL =
      Arrays.stream(Changelog.values()).collect(toMap(Function.identity(), Changesets::read));

  private Changesets() {}

  /** Those of one changelog, in order. */
  static List<Changeset> of(Changelog changelog) {
    return Objects.requireNonNull(ALL.get(changelog));
  }

  /** The names of those of some changelogs, in order. */
  static List<String> names(List<Changelog> changelogs) {
    return changelogs.stream()
        .flatMap(changelog -> of(changelog).stream())
        .map(Changeset::name)
        .toList();
  }

  private static List<Changeset> read(Changelog changelog) {
    return matches(INCLUDE, changelog.file())
        .map(include -> DIRECTORY + include.group(1))
        .flatMap(file -> matches(CHANGESET, file))
        .map(Changesets::changeset)
        .toList();
  }

  private static Changeset changeset(MatchResult found) {
    var mayChange = found.group(2).contains("runOnChange:true");
    return new Changeset(found.group(1), found.group(3), mayChange);
  }

  private static Stream<MatchResult> matches(Pattern pattern, String resource) {
    return pattern.matcher(read(resource)).results();
  }

  private static String read(String resource) {
    try {
      return new ClassPathResource(resource).getContentAsString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A change of the schema.
   *
   * @param name what the table of applied changesets calls it
   * @param sql its statements
   * @param mayChange whether another version may have other statements under that name
   */
  record Changeset(String name, String sql, boolean mayChange) {

    /** What distinguishes its statements from another version's. */
    String fingerprint() {
      var sum = new CRC32();
      sum.update(sql.getBytes(StandardCharsets.UTF_8));
      return Long.toHexString(sum.getValue());
    }
  }
}
