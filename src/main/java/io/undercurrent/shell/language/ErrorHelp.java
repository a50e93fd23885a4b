package io.undercurrent.shell.language;

import io.undercurrent.failure.ErrorRule;
import io.undercurrent.failure.ErrorTable;
import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.Screen;

/** {@code help errors}: what is done about which error. */
final class ErrorHelp {

  static final String TOPIC = "errors";

  private ErrorHelp() {}

  static void print(Screen screen) {
    say(
        screen,
        "A chunk that fails is rolled back. What follows depends on the SQLSTATE of the error;"
            + " one that ends in ... stands for all that begin so. No transaction and no lock is"
            + " held meanwhile, and why says what an update waits for.");
    for (var rule : ErrorTable.rules()) {
      screen.out().println();
      say(screen, rule.error() + codes(rule));
      new DescriptionList().add("   ", rule.reaction().words()).print(screen);
    }
  }

  private static String codes(ErrorRule rule) {
    return rule.sqlStates().isEmpty()
        ? ":"
        : " (" + String.join(", ", rule.sqlStates().stream().map(ErrorHelp::code).toList()) + "):";
  }

  private static String code(String sqlState) {
    return sqlState.length() < 5 ? sqlState + "..." : sqlState;
  }

  private static void say(Screen screen, String text) {
    DescriptionList.wrapped(text, screen.width()).forEach(screen.out()::println);
  }
}
