package io.undercurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.process.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

@PostgresTest
class DistributionIT {

  @TempDir private static Path directory;

  private static Distribution distribution;

  @BeforeAll
  static void unpack() throws Exception {
    distribution = Distribution.unpack(directory);
  }

  @Test
  void startsFromAnywhereWithTheClassDataOfTheStartBefore(Database database) throws Exception {
    Files.writeString(
        distribution.file("config/application.yaml"),
        """
        undercurrent:
          databases:
            - {name: main, url: "%s", username: %s}
        """
            .formatted(database.settings().url(), database.settings().username()));

    var status = distribution.undercurrent("status", "--json");
    assertThat(status.exitCode()).isZero();
    assertThat(status.err()).isEmpty();
    assertThat(JsonMapper.shared().readTree(status.out()).get(0).get("database").stringValue())
        .isEqualTo("main");

    var loading = Map.of("JAVA_OPTS", "-Xlog:class+load:file=loaded");
    var mistyped = distribution.undercurrent(loading, "", "start it");
    assertThat(mistyped.exitCode()).isEqualTo(2);
    assertThat(mistyped.out()).isEmpty();
    assertThat(mistyped.err()).startsWith("Unknown verb 'start it'");
    assertThat(applicationCameFromTheArchive())
        .as("Java 25 assembles its archive in the background")
        .isEqualTo(Runtime.version().feature() < 25);
  }

  @Test
  void saysWhatIsMissingWhereThereIsNoJava() throws Exception {
    var status = distribution.undercurrent(Map.of("JAVA_HOME", "/nowhere"), "", "status");

    assertThat(status.exitCode()).isEqualTo(1);
    assertThat(status.err())
        .isEqualToNormalizingNewlines(
            "undercurrent: expected a JDK in JAVA_HOME, found no /nowhere/bin/java. Set it to a JDK"
                + " 17 or newer, or unset it to use the java on the PATH\n");
  }

  @Test
  void bringsAUnitThatSystemdUnderstands() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "no systemd-analyze");
    var unit = Files.readString(distribution.file("systemd/undercurrent.service"));
    var here = distribution.file("").toString();
    Files.writeString(
        directory.resolve("undercurrent.service"), unit.replace("/opt/undercurrent", here));

    var file = directory.resolve("undercurrent.service").toString();
    var verified = distribution.run(Map.of(), "", "/usr/bin/systemd-analyze", "verify", file);
    assertThat(verified.exitCode()).isZero();
    assertThat(verified.err()).isEmpty();
  }

  @Test
  void bringsItsLicenseItsAlertRulesAndAllDocumentsThatTheReadmeLinksTo() throws IOException {
    assertThat(distribution.file("LICENSE")).hasSameTextualContentAs(Path.of("LICENSE"));
    assertThat(distribution.file("monitoring/alerts.yml"))
        .hasSameTextualContentAs(Path.of("monitoring/alerts.yml"));
    assertThat(distribution.file("monitoring/grafana-dashboard.json")).isRegularFile();
    assertThat(DocumentsTests.deadLinks(distribution.file("README.md"))).isEmpty();
    assertThat(DocumentsTests.deadLinks(distribution.file("src/docs/job-files.md"))).isEmpty();
  }

  private static boolean applicationCameFromTheArchive() throws IOException {
    return Files.readString(directory.resolve("loaded"))
        .contains(UndercurrentApplication.class.getName() + " source: shared objects file");
  }
}
