package io.undercurrent.yaml;

import java.util.regex.Pattern;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** What is wrong with YAML in an operator's words: most often a text lacks quotes. */
final class YamlMistake {

  private static final String QUOTE = "Put the whole text in quotes";
  private static final Pattern KEY_ALONE = Pattern.compile("[\\s-]*[\\w-]*\\s*");
  private static final Pattern CHARACTER =
      Pattern.compile("found character '(.)(?:\\(TAB\\))?'.*", Pattern.DOTALL);

  private YamlMistake() {}

  static int line(Mark mark) {
    return mark.getLine() + 1;
  }

  static String words(MarkedYAMLException e, String file) {
    var problem = String.valueOf(e.getProblem());
    var context = String.valueOf(e.getContext());
    var character = CHARACTER.matcher(problem.replace("\\t", "\t"));
    if (character.matches()) {
      return cannotBegin(character.group(1));
    }
    if (problem.startsWith("mapping values are not allowed here")) {
      return KEY_ALONE.matcher(before(e.getProblemMark(), file)).matches()
          ? "found a key inside of a text. Have all keys of a mapping begin in one column, each with a blank after its ':'; a text with ': ' in it needs quotes"
          : "found ': ' in a text, where it begins a value. " + QUOTE;
    }
    if (problem.startsWith("sequence entries are not allowed here")) {
      return cannotBegin("- ");
    }
    if (problem.startsWith("mapping keys are not allowed here")) {
      return cannotBegin("? ");
    }
    if (problem.startsWith("found undefined alias")) {
      return cannotBegin("*");
    }
    if (context.contains("block scalar")) {
      return "a text cannot begin with '|' or '>' without quotes: they introduce a text on the following lines. "
          + QUOTE;
    }
    if (context.contains("quoted scalar")) {
      return "expected the text in quotes that begins in line %d to end, found %s"
          .formatted(line(e.getContextMark()), problem.replaceFirst("^found ", ""));
    }
    if (context.contains("flow")) {
      return inBrackets(e, problem);
    }
    if (problem.contains("<block end>")) {
      return problem.contains("'<scalar>'")
          ? "found more text after the closing quote. " + QUOTE
          : "expected what belongs together to begin in one column, as it does in line %d, found another indentation"
              .formatted(line(e.getContextMark()));
    }
    return e.getContextMark() == null
        ? problem
        : "%s that begins in line %d, %s".formatted(context, line(e.getContextMark()), problem);
  }

  private static String cannotBegin(String character) {
    return character.equals("\t")
        ? "found a tab. Indent with blanks"
        : "a text cannot begin with '%s' without quotes. %s".formatted(character, QUOTE);
  }

  private static String inBrackets(MarkedYAMLException e, String problem) {
    var opening = e.getContext().contains("mapping") ? "{" : "[";
    var closing = opening.equals("{") ? "}" : "]";
    return problem.contains("<stream end>")
        ? "expected '%s' for the '%s' in line %d, found the end of the file"
            .formatted(closing, opening, line(e.getContextMark()))
        : "expected ',' or '%s' after a value in the '%s' of line %d, found '%s'. A text with ':', '?' or brackets in it needs quotes there"
            .formatted(
                closing,
                opening,
                line(e.getContextMark()),
                problem.replaceFirst(".*but got ", "").strip());
  }

  /** What stands before it in its line. */
  private static String before(Mark mark, String file) {
    var line = file.lines().skip(mark.getLine()).findFirst().orElse("");
    return line.substring(0, Math.min(line.length(), mark.getColumn()));
  }
}
