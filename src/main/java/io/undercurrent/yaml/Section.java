package io.undercurrent.yaml;

import io.undercurrent.database.DidYouMean;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** The keys and values of one mapping in a job file. */
public final class Section {

  private final MappingNode mapping;
  private final Problems problems;
  private final Map<String, Node> keys = new LinkedHashMap<>();
  private final Map<String, Value> values = new LinkedHashMap<>();

  private Section(MappingNode mapping, Problems problems) {
    this.mapping = mapping;
    this.problems = problems;
  }

  static Section of(MappingNode mapping, Problems problems) {
    var section = new Section(mapping, problems);
    mapping.getValue().forEach(entry -> section.put(entry.getKeyNode(), entry.getValueNode()));
    return section;
  }

  private void put(Node keyNode, Node valueNode) {
    if (!(keyNode instanceof ScalarNode scalar)) {
      problems.add(keyNode, "expected a text as key, found something else");
      return;
    }
    var key = scalar.getValue();
    var first = keys.putIfAbsent(key, keyNode);
    if (first == null) {
      values.put(key, new Value(key, valueNode, problems));
    } else {
      problems.add(keyNode, "duplicate key '%s', first in line %d", key, Problems.line(first));
    }
  }

  void refuseUnknownKeys(List<String> known) {
    keys.forEach(
        (key, node) -> {
          if (!known.contains(key)) {
            problems.add(node, "unknown key '%s'%s", key, hint(key, known));
          }
        });
  }

  private static String hint(String key, List<String> known) {
    var nearest = DidYouMean.hint(key, known);
    return nearest.isEmpty() ? "; known here: " + String.join(", ", known) : nearest;
  }

  public int line() {
    return Problems.line(mapping);
  }

  public Map<String, Value> values() {
    return values;
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  public Optional<Value> value(String key) {
    return Optional.ofNullable(values.get(key));
  }

  public Optional<Value> required(String key) {
    if (!has(key)) {
      problem("missing key '%s'", key);
    }
    return value(key);
  }

  /** A problem of the section as a whole. */
  public void problem(String message, Object... of) {
    problems.add(mapping, message, of);
  }

  /** A problem of the key rather than of its value. */
  public void problemAt(String key, String message, Object... of) {
    problems.add(keys.getOrDefault(key, mapping), message, of);
  }
}
