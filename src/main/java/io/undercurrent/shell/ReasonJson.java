package io.undercurrent.shell;

import io.undercurrent.runner.Explanation.Reason;
import org.jspecify.annotations.Nullable;

/** The stable form of a reason. */
record ReasonJson(String cause, @Nullable String update, String reason) {

  static ReasonJson of(Reason reason) {
    return new ReasonJson(reason.cause(), reason.update(), reason.sentence());
  }
}
