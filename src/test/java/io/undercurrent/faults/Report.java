package io.undercurrent.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;

/** The suite's table, a line for each case, on stdout and in {@code target/faults.md}. */
final class Report {

  private static final Path FILE = Path.of("target", "faults.md");
  private static final int LONGEST = 160;

  private Report() {}

  /**
   * Adds a case that went well.
   *
   * @param resumed how long after the end of the fault the update went on, at worst
   * @param why what was said meanwhile
   * @param longest how long the application's longest transaction took, in ms
   */
  static synchronized void add(
      String name, int times, Object seed, Duration resumed, String why, long longest)
      throws IOException {
    var said = why.length() > LONGEST ? why.substring(0, LONGEST) + " ..." : why;
    var line =
        String.format(
            Locale.ROOT,
            "| %s | %d | %s | %.1f s | %d ms | %s |%n",
            name,
            times,
            seed,
            resumed.toMillis() / 1000.0,
            longest,
            said.replace("|", "/"));
    System.out.print(line);
    Files.createDirectories(FILE.getParent());
    if (Files.notExists(FILE)) {
      Files.writeString(
          FILE,
          "| case | times | seed | resumed after | application's longest transaction | why |\n|---|---|---|---|---|---|\n");
    }
    Files.writeString(FILE, line, StandardOpenOption.APPEND);
  }
}
