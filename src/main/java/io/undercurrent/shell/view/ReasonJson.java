package io.undercurrent.shell.view;

import io.undercurrent.status.Explanation.Reason;
import org.jspecify.annotations.Nullable;

/** The stable form of a reason. */
public record ReasonJson(String cause, @Nullable String update, String reason) {

  public static ReasonJson of(Reason reason) {
    return new ReasonJson(reason.cause(), reason.update(), reason.sentence());
  }
}
