package io.undercurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.undercurrent.database.Database;
import io.undercurrent.database.PostgresTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

@PostgresTest
class DistributionIT {

  @TempDir private static Path directory;

  @BeforeAll
  static void unpackAndLink() throws Exception {
    var archive = System.getProperty("undercurrent.distribution");
    assertThat(run(Map.of(), "tar", "xzf", archive, "-C", directory.toString())).isZero();
    try (var unpacked = Files.newDirectoryStream(directory, "undercurrent-*")) {
      Files.createSymbolicLink(directory.resolve("current"), unpacked.iterator().next());
    }
    Files.createDirectory(directory.resolve("a place"));
    Files.createSymbolicLink(
        directory.resolve("a place/undercurrent"), Path.of("../current/bin/undercurrent"));
  }

  @Test
  void startsFromAnywhereWithTheClassDataOfTheStartBefore(Database database) throws Exception {
    Files.writeString(
        directory.resolve("current/config/application.yaml"),
        """
        undercurrent:
          databases:
            - {name: main, url: "%s", username: %s}
        """
            .formatted(database.settings().url(), database.settings().username()));

    assertThat(undercurrent(Map.of(), "status", "--json")).isZero();
    assertThat(err()).isEmpty();
    assertThat(JsonMapper.shared().readTree(out()).get(0).get("database").stringValue())
        .isEqualTo("main");

    var loading = Map.of("JAVA_OPTS", "-Xlog:class+load:file=loaded");
    assertThat(undercurrent(loading, "start it")).isEqualTo(2);
    assertThat(out()).isEmpty();
    assertThat(err()).startsWith("Unknown verb 'start it'");
    assertThat(applicationCameFromTheArchive())
        .as("Java 25 assembles its archive in the background")
        .isEqualTo(Runtime.version().feature() < 25);
  }

  @Test
  void saysWhatIsMissingWhereThereIsNoJava() throws Exception {
    assertThat(undercurrent(Map.of("JAVA_HOME", "/nowhere"), "status")).isEqualTo(1);
    assertThat(err())
        .isEqualToNormalizingNewlines(
            "undercurrent: expected a JDK in JAVA_HOME, found no /nowhere/bin/java. Set it to a JDK"
                + " 17 or newer, or unset it to use java of the PATH\n");
  }

  @Test
  void bringsAUnitThatSystemdUnderstands() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "no systemd-analyze");
    var unit = Files.readString(directory.resolve("current/systemd/undercurrent.service"));
    var here = directory.resolve("current").toString();
    Files.writeString(
        directory.resolve("undercurrent.service"), unit.replace("/opt/undercurrent", here));

    var file = directory.resolve("undercurrent.service").toString();
    assertThat(run(Map.of(), "/usr/bin/systemd-analyze", "verify", file)).isZero();
    assertThat(err()).isEmpty();
  }

  private static boolean applicationCameFromTheArchive() throws IOException {
    return Files.readString(directory.resolve("loaded"))
        .contains(UndercurrentApplication.class.getName() + " source: shared objects file");
  }

  private static int undercurrent(Map<String, String> environment, String... words)
      throws Exception {
    var command = new ArrayList<>(List.of(directory.resolve("a place/undercurrent").toString()));
    command.addAll(List.of(words));
    return run(environment, command.toArray(String[]::new));
  }

  private static int run(Map<String, String> environment, String... command) throws Exception {
    var builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(directory.resolve("err").toFile());
    builder.environment().put("UNDERCURRENT_HOME", directory.resolve("a home").toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    var process = builder.start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }

  private static String out() throws IOException {
    return Files.readString(directory.resolve("out"));
  }

  private static String err() throws IOException {
    return Files.readString(directory.resolve("err"));
  }
}
