package io.undercurrent.shell.screen;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Labels with what is to say about each, wrapped where the screen ends. */
public final class DescriptionList {

  private static final String GAP = "  ";

  private final Map<String, Fact> facts = new LinkedHashMap<>();

  public DescriptionList add(String label, String fact) {
    return add(label, fact, Tint.NONE);
  }

  public DescriptionList add(String label, String fact, Tint tint) {
    facts.put(label, new Fact(fact, tint));
    return this;
  }

  /** Gives each label with what is to say about it. */
  public void forEach(BiConsumer<String, String> action) {
    facts.forEach((label, fact) -> action.accept(label, fact.text()));
  }

  public void print(Screen screen) {
    print(screen, facts.keySet().stream().mapToInt(String::length).max().orElse(0) + GAP.length());
  }

  /** Prints what is to say in that column, where the labels leave it free. */
  public void print(Screen screen, int indent) {
    facts.forEach(
        (label, fact) -> {
          var lead = label + " ".repeat(indent - label.length());
          for (var line : wrapped(fact.text(), screen.width() - indent)) {
            screen.out().println(lead + screen.paint(fact.tint(), line));
            lead = " ".repeat(indent);
          }
        });
  }

  /** The text in lines of that many columns; only a word that is longer gets broken. */
  public static List<String> wrapped(String text, int columns) {
    var width = Math.max(Screen.WIDEST_CHARACTER, columns);
    var lines = new ArrayList<String>();
    for (var paragraph : text.lines().toList()) {
      var line = new StringBuilder();
      for (var word : Screen.harmless(paragraph).split(" ")) {
        if (!line.isEmpty() && Screen.columnsOf(line + " " + word) > width) {
          lines.add(line.toString());
          line.setLength(0);
        }
        line.append(line.isEmpty() ? "" : " ").append(word);
        while (Screen.columnsOf(line.toString()) > width) {
          var fitting = Screen.beginning(line.toString(), width);
          lines.add(fitting);
          line.delete(0, fitting.length());
        }
      }
      lines.add(line.toString());
    }
    return lines.isEmpty() ? List.of("") : lines;
  }

  private record Fact(String text, Tint tint) {}
}
