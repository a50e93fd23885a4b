package io.undercurrent;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.condition.OS;

/** Commands that SIGINT reaches, also where the tests themselves run in a shell's background. */
final class Interruptible {

  private Interruptible() {}

  /** The same command; a shell lets what it runs in the background, and its children, ignore it. */
  static List<String> command(List<String> command) {
    var interruptible = new ArrayList<String>();
    if (OS.LINUX.isCurrentOs()) {
      interruptible.addAll(List.of("env", "--default-signal=INT"));
    }
    interruptible.addAll(command);
    return interruptible;
  }
}
