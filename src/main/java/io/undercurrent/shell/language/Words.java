package io.undercurrent.shell.language;

import java.util.List;
import org.jline.reader.EOFError;
import org.jline.reader.Parser.ParseContext;
import org.jline.reader.impl.DefaultParser;

/** A line as it is typed, taken apart into words. */
final class Words {

  private static final DefaultParser PARSER = new DefaultParser();

  static {
    PARSER.setEofOnUnclosedQuote(true);
  }

  private Words() {}

  /**
   * The words of a line, without their quotes.
   *
   * @throws UsageException if a quote is not closed
   */
  static List<String> of(String line) {
    try {
      return parsed(line);
    } catch (EOFError e) {
      var quote = lastOpened(line);
      throw new UsageException(
          "column %d: expected another %2$s to close this quote, found none: %3$s. Close it, or write \\%2$s for the character itself"
              .formatted(quote + 1, line.charAt(quote), line.substring(quote).strip()));
    }
  }

  private static List<String> parsed(String line) {
    return PARSER.parse(line, line.length(), ParseContext.ACCEPT_LINE).words().stream()
        .filter(word -> !word.isBlank())
        .toList();
  }

  /** Where the quote begins: at the end of the longest beginning that has none open. */
  private static int lastOpened(String line) {
    var end = line.length();
    while (isOpen(line.substring(0, end))) {
      end--;
    }
    return end;
  }

  private static boolean isOpen(String line) {
    try {
      parsed(line);
      return false;
    } catch (EOFError e) {
      return true;
    }
  }
}
