package io.undercurrent.yaml;

import java.io.StringReader;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.ReaderException;

/** The text of a file as YAML. */
public record YamlText(String text, Problems problems) {

  private static final char NOT_UTF_8 = '\uFFFD';

  /** The root of the file with the lines of everything in it; empty if there is a problem. */
  public Optional<Node> compose() {
    if (text.indexOf(NOT_UTF_8) >= 0) {
      problems.add(lineAt(text.indexOf(NOT_UTF_8)), "expected UTF-8, found other bytes");
      return Optional.empty();
    }
    try {
      var root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
      if (root == null) {
        problems.add(1, "expected a mapping with the key 'updates', found an empty file");
      }
      return Optional.ofNullable(root).filter(found -> !new FlowCommas(problems).in(found));
    } catch (MarkedYAMLException e) {
      problems.add(
          YamlMistake.line(e.getProblemMark()), "broken YAML: %s", YamlMistake.words(e, text));
    } catch (ReaderException e) {
      problems.add(
          lineAt(e.getPosition()),
          "broken YAML: expected printable characters, found U+%04X",
          e.getCodePoint());
    } catch (YAMLException e) {
      problems.add(1, "broken YAML: %s", String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  private int lineAt(int position) {
    return (int) text.chars().limit(position).filter(c -> c == '\n').count() + 1;
  }
}
