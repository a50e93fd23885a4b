package io.undercurrent.admin.metrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The alert rules and the dashboard that come with Undercurrent. */
public final class Monitoring {

  static final Path DIRECTORY = Path.of("monitoring");

  private Monitoring() {}

  /** An alert. */
  record Alert(
      String alert,
      String expr,
      Map<String, String> labels,
      Map<String, String> annotations,
      String duration) {}

  /** The alerts, in the order of the file. */
  @SuppressWarnings("unchecked")
  static List<Alert> alerts() {
    var file = (Map<String, List<Map<String, Object>>>) new Yaml().load(read("alerts.yml"));
    return file.get("groups").stream()
        .flatMap(group -> ((List<Map<String, Object>>) group.get("rules")).stream())
        .map(
            rule ->
                new Alert(
                    (String) rule.get("alert"),
                    (String) rule.get("expr"),
                    (Map<String, String>) rule.get("labels"),
                    (Map<String, String>) rule.get("annotations"),
                    (String) rule.get("for")))
        .toList();
  }

  /** The dashboard. */
  static JsonNode dashboard() {
    return JsonMapper.shared().readTree(read("grafana-dashboard.json"));
  }

  /** All expressions of both, those of the dashboard's variables included. */
  public static List<String> expressions() {
    var dashboard = dashboard();
    var queries =
        stream(dashboard.get("panels"))
            .flatMap(panel -> stream(panel.path("targets")))
            .map(target -> target.get("expr").stringValue());
    var variables =
        stream(dashboard.get("templating").get("list"))
            .filter(variable -> variable.get("type").stringValue().equals("query"))
            .map(variable -> variable.get("definition").stringValue());
    return Stream.of(alerts().stream().map(Alert::expr), queries, variables)
        .flatMap(each -> each)
        .toList();
  }

  static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static String read(String file) {
    try {
      return Files.readString(DIRECTORY.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
