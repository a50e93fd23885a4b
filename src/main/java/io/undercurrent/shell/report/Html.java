package io.undercurrent.shell.report;

import java.util.List;
import java.util.Map;

/**
 * A document that needs nothing from elsewhere. Whatever it is given is text: it is escaped, and
 * what may be a secret is left out.
 */
final class Html {

  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
      <title>%s</title>
      <style>
      :root { color-scheme: light dark; }
      body { background: Canvas; color: CanvasText; font: 16px/1.45 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
      h1 { font-size: 1.6rem; }
      h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid GrayText; }
      table { border-collapse: collapse; width: 100%%; font-size: .9rem; }
      caption { text-align: left; padding-bottom: .3rem; }
      th, td { text-align: left; vertical-align: top; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 20%%, transparent); white-space: pre-wrap; }
      td:last-child { overflow-wrap: anywhere; }
      thead th { white-space: normal; }
      td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
      td.number { white-space: nowrap; }
      main { overflow-x: auto; }
      tbody th { font-weight: normal; white-space: nowrap; }
      table.facts th { width: 9rem; font-weight: 600; }
      pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; padding: .8rem; border: 1px solid color-mix(in srgb, currentColor 20%%, transparent); }
      svg { max-width: 100%%; height: auto; }
      @media print { :root { color-scheme: light; } body { font-size: 11px; margin: 0; max-width: none; } main { overflow: visible; } tr, svg { break-inside: avoid; } h2 { break-after: avoid; } }
      </style>
      </head>
      <body>
      <main>
      <h1>%s</h1>
      """;

  private final StringBuilder text = new StringBuilder();

  Html(String title) {
    text.append(HEAD.formatted(escaped(title), escaped(title)));
  }

  Html heading(String heading) {
    return add("<h2>%s</h2>\n", heading);
  }

  Html paragraph(String paragraph) {
    return add("<p>%s</p>\n", paragraph);
  }

  /** Text in its own lines. */
  Html lines(String lines) {
    return add("<pre>%s</pre>\n", lines);
  }

  /** A picture that is markup already, and escaped. */
  Html picture(String svg) {
    text.append("<figure style=\"margin: 0\">\n").append(svg).append("</figure>\n");
    return this;
  }

  /** Labels with what is to say about each. */
  Html facts(Map<String, String> facts) {
    text.append("<table class=\"facts\">\n<tbody>\n");
    facts.forEach((label, fact) -> row(label, List.of(fact), List.of(false)));
    text.append("</tbody>\n</table>\n");
    return this;
  }

  /**
   * A table, whose first cells name their rows.
   *
   * @param titles those of the columns; one that begins with {@code #} is of numbers
   */
  Html table(String caption, List<String> titles, List<List<String>> rows) {
    add("<table>\n<caption>%s</caption>\n<thead>\n<tr>", caption);
    var numbers = titles.stream().map(title -> title.startsWith("#")).toList();
    for (var i = 0; i < titles.size(); i++) {
      add("<th scope=\"col\"" + style(numbers.get(i)) + ">%s</th>", titles.get(i).replace("#", ""));
    }
    text.append("</tr>\n</thead>\n<tbody>\n");
    rows.forEach(
        row -> row(row.get(0), row.subList(1, row.size()), numbers.subList(1, numbers.size())));
    text.append("</tbody>\n</table>\n");
    return this;
  }

  private void row(String name, List<String> cells, List<Boolean> numbers) {
    add("<tr><th scope=\"row\">%s</th>", name);
    for (var i = 0; i < cells.size(); i++) {
      add("<td" + style(numbers.get(i)) + ">%s</td>", cells.get(i));
    }
    text.append("</tr>\n");
  }

  private static String style(boolean number) {
    return number ? " class=\"number\"" : "";
  }

  private Html add(String markup, String content) {
    text.append(markup.formatted(escaped(content)));
    return this;
  }

  private static String escaped(String content) {
    return Secrets.without(content)
        .replaceAll("[\\p{Cntrl}&&[^\n\t]]|[\\uFFFE\\uFFFF]", "\uFFFD")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }

  @Override
  public String toString() {
    return text + "</main>\n</body>\n</html>\n";
  }
}
