package io.undercurrent.admin.metrics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What a PromQL expression names.
 *
 * @param metrics the metrics, each with the labels that it is selected by
 * @param grouping the labels that series are grouped or matched by
 */
public record Promql(Map<String, Set<String>> metrics, Set<String> grouping) {

  private static final Pattern TOKEN =
      Pattern.compile(
          "\"[^\"]*\"|\\[[^]]*]|[a-zA-Z_:][a-zA-Z0-9_:]*|[0-9.]+[a-z]*|=~|!~|!=|==|>=|<=|\\S");
  private static final Set<String> GROUPING =
      Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
  private static final Set<String> OPERATORS =
      Set.of("and", "or", "unless", "bool", "offset", "atan2");
  private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*),\\s*(\\w+)\\)");

  /** Reads one, or the query of a variable of Grafana's. */
  public static Promql of(String expression) {
    var variable = LABEL_VALUES.matcher(expression);
    if (variable.matches()) {
      var query = of(variable.group(1));
      query.grouping.add(variable.group(2));
      return query;
    }
    var query = new Promql(new TreeMap<>(), new TreeSet<>());
    query.read(TOKEN.matcher(expression).results().map(MatchResult::group).toList());
    return query;
  }

  private void read(List<String> tokens) {
    for (var i = 0; i < tokens.size(); i++) {
      var token = tokens.get(i);
      if (GROUPING.contains(token)) {
        i = closing(tokens, i, ")", grouping);
      } else if (isName(token) && !OPERATORS.contains(token) && !isFunction(tokens, i)) {
        var labels = metrics.computeIfAbsent(token, metric -> new HashSet<>());
        if (after(tokens, i).equals("{")) {
          i = closing(tokens, i + 1, "}", labels);
        }
      }
    }
  }

  /** Takes the names up to a bracket. */
  private static int closing(List<String> tokens, int from, String end, Set<String> names) {
    var i = from + 1;
    for (; !tokens.get(i).equals(end); i++) {
      if (isName(tokens.get(i))) {
        names.add(tokens.get(i));
      }
    }
    return i;
  }

  private static boolean isName(String token) {
    return Character.isLetter(token.charAt(0)) || token.charAt(0) == '_';
  }

  private static boolean isFunction(List<String> tokens, int i) {
    return after(tokens, i).equals("(") || GROUPING.contains(after(tokens, i));
  }

  private static String after(List<String> tokens, int i) {
    return i + 1 < tokens.size() ? tokens.get(i + 1) : "";
  }

  /**
   * What of it a scrape does not have, in words; nothing if it has all.
   *
   * @param scraped the labels of each metric, as they were scraped
   */
  public List<String> missingIn(Map<String, Set<String>> scraped) {
    var missing = new ArrayList<String>();
    metrics.forEach(
        (metric, labels) -> {
          if (!scraped.containsKey(metric)) {
            missing.add(metric);
          } else {
            labels.stream()
                .filter(label -> !scraped.get(metric).contains(label))
                .forEach(label -> missing.add(metric + "{" + label + "}"));
          }
        });
    grouping.stream()
        .filter(label -> !isOf(label, scraped))
        .forEach(label -> missing.add("by (" + label + ") of " + metrics.keySet()));
    return missing;
  }

  /** Prometheus itself adds some. */
  private boolean isOf(String label, Map<String, Set<String>> scraped) {
    return label.equals("instance")
        || metrics.keySet().stream()
            .anyMatch(metric -> scraped.getOrDefault(metric, Set.of()).contains(label));
  }
}
