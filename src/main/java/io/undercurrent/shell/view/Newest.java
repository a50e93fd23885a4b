package io.undercurrent.shell.view;

import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import java.util.function.LongSupplier;

/** Says that a list has only the newest of what there is. */
public final class Newest {

  private Newest() {}

  /**
   * Says so, if it is the case.
   *
   * @param all counts what there is; asked only if the limit may have cut the list
   */
  public static void say(Screen screen, int shown, int limit, LongSupplier all) {
    if (shown < limit) {
      return;
    }
    var total = all.getAsLong();
    if (total > shown) {
      screen.say(
          "The newest %s of %s; --limit %d shows all."
              .formatted(Numbers.grouped(shown), Numbers.grouped(total), total));
    }
  }
}
