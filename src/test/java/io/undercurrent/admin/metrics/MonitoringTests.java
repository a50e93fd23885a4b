package io.undercurrent.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The files of monitoring/; that their metrics exist is tested where there was a run. */
class MonitoringTests {

  private static final Path PROMTOOL = Path.of("/usr/bin/promtool");

  @Test
  void findsTheNamesInAnExpression() {
    var query =
        Promql.of(
            "max by (database) (rate(a_total{state=\"x y\",up=~\"$z\"}[5m])) > 0 unless on (host) b");

    assertThat(query.metrics()).isEqualTo(Map.of("a_total", Set.of("state", "up"), "b", Set.of()));
    assertThat(query.grouping()).containsExactly("database", "host");
    assertThat(Promql.of("label_values(c{d=\"e\"}, f)"))
        .isEqualTo(new Promql(Map.of("c", Set.of("d")), Set.of("f")));
  }

  @Test
  void missesWhatWasRenamed() {
    var query = Promql.of("sum by (database) (a_total{state=\"x\"}) / b");

    assertThat(query.missingIn(Map.of("a_total", Set.of("status"), "c", Set.of("database"))))
        .containsExactly("a_total{state}", "b", "by (database) of [a_total, b]");
    assertThat(query.missingIn(Map.of("a_total", Set.of("state", "database"), "b", Set.of())))
        .isEmpty();
  }

  @Test
  void saysOfEachAlertHowBadItIsAndWhatToDo() {
    assertThat(Monitoring.alerts())
        .hasSizeGreaterThan(10)
        .allSatisfy(
            alert -> {
              assertThat(alert.labels().get("severity")).isIn("critical", "warning", "info");
              assertThat(alert.duration()).matches("\\d+[mh]");
              assertThat(alert.annotations()).containsOnlyKeys("summary", "description", "runbook");
              assertThat(String.join(" ", alert.annotations().values()))
                  .as("a command that helps with %s", alert.alert())
                  .containsPattern("undercurrent [a-z]+|systemctl");
            });
  }

  @Test
  void describesEachPanelAndTakesItsDataSourceFromAVariable() {
    var panels = Monitoring.stream(Monitoring.dashboard().get("panels")).toList();

    assertThat(panels).extracting(panel -> panel.get("id").intValue()).doesNotHaveDuplicates();
    assertThat(panels)
        .allSatisfy(panel -> assertThat(panel.get("description").stringValue()).isNotBlank());
    assertThat(panels.stream().flatMap(MonitoringTests::dataSources))
        .isNotEmpty()
        .containsOnly("${datasource}");
  }

  private static Stream<String> dataSources(JsonNode panel) {
    return panel.findValues("datasource").stream().map(source -> source.get("uid").stringValue());
  }

  @Test
  void hasRulesThatPromtoolAcceptsAndThatFireWhenTheyShould() throws Exception {
    assumeTrue(Files.isExecutable(PROMTOOL), "no promtool");

    assertThat(promtool("check", "rules", "alerts.yml")).contains("SUCCESS");
    assertThat(promtool("test", "rules", "alerts-test.yml")).contains("SUCCESS");
    assertThat(Files.readString(Monitoring.DIRECTORY.resolve("alerts-test.yml")))
        .contains(
            Monitoring.alerts().stream()
                .map(alert -> "alertname=\"%s\"".formatted(alert.alert()))
                .toList());
  }

  private static String promtool(String... words) throws Exception {
    var command = Stream.concat(Stream.of(PROMTOOL.toString()), List.of(words).stream()).toList();
    var process =
        new ProcessBuilder(command)
            .directory(Monitoring.DIRECTORY.toFile())
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
