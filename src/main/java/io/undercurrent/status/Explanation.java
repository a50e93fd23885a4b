package io.undercurrent.status;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why a database's updates move or do not move.
 *
 * @param database the database's name
 * @param moves whether what was asked about is being worked on at this moment
 * @param reasons what holds it, in the order in which it is to be lifted, or that it moves
 */
public record Explanation(String database, boolean moves, List<Reason> reasons) {

  static final String RUNNER_FAILS = "runner-fails";

  private static final Set<String> SAYING_AS_MUCH =
      Set.of("unreachable", "read-only", RUNNER_FAILS);

  /** The same with what keeps this process's runner from its work, unless that is said. */
  public Explanation with(String trouble) {
    if (reasons.stream().anyMatch(reason -> SAYING_AS_MUCH.contains(reason.cause))) {
      return this;
    }
    var all = new ArrayList<>(List.of(new Reason(RUNNER_FAILS, null, trouble)));
    all.addAll(reasons);
    return new Explanation(database, moves, List.copyOf(all));
  }

  /**
   * One reason, or one sign of life.
   *
   * @param cause one word: {@code unreachable}, {@code empty}, {@code not-queued}, {@code
   *     no-runner}, {@code read-only}, {@code runner-fails}, {@code disabled}, {@code paused},
   *     {@code undefined}, {@code cycle}, {@code dependency}, {@code given-up}, {@code
   *     backing-off}, {@code turn} (another update runs), {@code sleeping} (the controller), {@code
   *     lock-wait}, or {@code moving}
   * @param update the update that it is about, or null if about all
   * @param sentence the same in words, with the way out
   */
  public record Reason(String cause, @Nullable String update, String sentence) {}
}
