package io.undercurrent.shell.report;

import java.util.List;
import java.util.regex.Pattern;

/** Finds what may be a password or a token in text that others are to read. */
final class Secrets {

  static final String HIDDEN = "***";

  private static final String NAME =
      "(?:password|passwd|pwd|passphrase|(?:api|access|private|secret)[_-]?key|secret|token)";

  private static final String LITERAL =
      "(?:E?'(?:[^'\\\\]|''|\\\\.)++'|\"(?:[^\"\\\\]|\\\\.)++\"|\\$\\w*\\$.+?\\$\\w*\\$)";

  private static final List<Pattern> PATTERNS =
      List.of(
          // a URL: //name:password@host
          Pattern.compile("(//[^/@:\\s]*:)[^\\s'\"<>]{1,2000}(?=@)"),
          // a literal: PASSWORD 'x', password => 'x', "token": "x", set_config('a.token', 'x')
          Pattern.compile(
              "(?i)("
                  + NAME
                  + "(?:[\"'`]\\s*,\\s*|[\"'`]?(?:\\s+(?:to\\s+)?|\\s*(?::=|=>|[:=])\\s*)))"
                  + LITERAL),
          // a line of YAML: password: x
          Pattern.compile("(?im)^([ \\t-]*+[\\w.-]*" + NAME + "\\s*:\\s+)(?![|>*]).+$"),
          // an option or a part of a URL: password=x
          Pattern.compile("(?i)(" + NAME + "=)[^\\s'\"&;,)*]+"),
          // the header of a request
          Pattern.compile("(?i)(\\b(?:bearer|basic)\\s+)[\\w.~+/=-]{8,}"),
          // tokens of Undercurrent and of homeservers
          Pattern.compile("()\\b(?:undercurrent_[\\w-]{40,}|(?:syt|mat|mct)_\\w{8,})"));

  private Secrets() {}

  /** The text with everything that may be one blotted out, rather too much than too little. */
  static String without(String text) {
    var left = text;
    for (var pattern : PATTERNS) {
      left = pattern.matcher(left).replaceAll("$1" + HIDDEN);
    }
    return left;
  }
}
