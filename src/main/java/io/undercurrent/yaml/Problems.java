package io.undercurrent.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.yaml.snakeyaml.nodes.Node;

/** What is wrong with one file, gathered so that all of it can be said at once. */
public final class Problems {

  private final String source;
  private final List<Problem> found = new ArrayList<>();

  public Problems(String source) {
    this.source = source;
  }

  String source() {
    return source;
  }

  static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  void add(Node node, String message, Object... of) {
    add(line(node), message, of);
  }

  public void add(int line, String message, Object... of) {
    found.add(new Problem(line, message.formatted(of)));
  }

  /** The problems in the order of their lines, each with file and line. */
  public List<String> messages() {
    return found.stream()
        .sorted(Comparator.comparingInt(Problem::line))
        .map(problem -> "%s:%d: %s".formatted(source, problem.line, problem.message))
        .toList();
  }

  private record Problem(int line, String message) {}
}
