package io.undercurrent.yaml;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Finds texts in {@code {…}} and {@code […]} that a comma has ended before their author meant. */
final class FlowCommas {

  private final Problems problems;
  private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean found;

  FlowCommas(Problems problems) {
    this.problems = problems;
  }

  /** Whether there are any below a node; they are added to the problems. */
  boolean in(Node node) {
    look(node);
    return found;
  }

  private void look(Node node) {
    if (!seen.add(node)) {
      return;
    }
    if (node instanceof MappingNode mapping) {
      if (mapping.getFlowStyle() == FlowStyle.FLOW) {
        inMapping(mapping.getValue());
      }
      mapping.getValue().forEach(entry -> look(entry.getValueNode()));
    } else if (node instanceof SequenceNode list) {
      if (list.getFlowStyle() == FlowStyle.FLOW) {
        inList(list.getValue());
      }
      list.getValue().forEach(this::look);
    }
  }

  /** What follows the comma looks like a key, but has no value. */
  private void inMapping(List<NodeTuple> entries) {
    for (int i = 1, next; i < entries.size(); i = next) {
      next = i;
      var text = new StringBuilder(plain(entries.get(i - 1).getValueNode()));
      while (next < entries.size() && !text.isEmpty() && hasNoValue(entries.get(next))) {
        text.append(", ").append(plain(entries.get(next++).getKeyNode()));
      }
      if (next > i) {
        report(
            entries.get(i - 1).getValueNode(),
            plain(entries.get(i - 1).getKeyNode()) + ": ",
            text.toString());
      }
      next = Math.max(next, i + 1);
    }
  }

  private static boolean hasNoValue(NodeTuple entry) {
    return entry.getValueNode().getTag().equals(Tag.NULL)
        && !hasColon(entry.getKeyNode())
        && !plain(entry.getKeyNode()).isEmpty();
  }

  private static boolean hasColon(Node key) {
    return Value.after(key).startsWith(":");
  }

  /** A parenthesis or quote that opens in one item closes in a later one. */
  private void inList(List<Node> items) {
    for (int i = 0, next; i < items.size(); i = next) {
      next = i + 1;
      var text = plain(items.get(i));
      while (!isWhole(text) && next < items.size() && !plain(items.get(next)).isEmpty()) {
        text += ", " + plain(items.get(next++));
      }
      if (next > i + 1 && isWhole(text)) {
        report(items.get(i), "", text);
      }
    }
  }

  private static boolean isWhole(String text) {
    return text.chars().filter(c -> c == '(').count() <= text.chars().filter(c -> c == ')').count()
        && text.chars().filter(c -> c == '\'').count() % 2 == 0;
  }

  private static String plain(Node node) {
    return node instanceof ScalarNode scalar && scalar.getScalarStyle() == ScalarStyle.PLAIN
        ? scalar.getValue()
        : "";
  }

  private void report(Node node, String key, String text) {
    found = true;
    problems.add(
        node,
        "a comma in {...} or [...] ends the text before it. Put it in quotes: %s%s",
        key,
        quoted(text));
  }

  private static String quoted(String text) {
    return text.contains("\"") || text.contains("\\")
        ? "'" + text.replace("'", "''") + "'"
        : "\"" + text + "\"";
  }
}
