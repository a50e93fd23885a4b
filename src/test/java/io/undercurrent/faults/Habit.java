package io.undercurrent.faults;

import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * What an application's transactions do.
 *
 * @param clients how many there are at once
 * @param pause how long each waits between two transactions, in ms
 * @param choice which rows a transaction writes, in that order
 */
record Habit(int clients, int pause, Choice choice) {

  /** Now and then a row. */
  static final Habit OF_MOST =
      new Habit(2, 20, (oracle, random) -> List.of(1L + random.nextInt(oracle.rows())));

  /** Several rows where the update is just now, in the opposite order. */
  static final Habit OPPOSITE_ORDER =
      new Habit(
          4,
          1,
          (oracle, random) -> {
            var position = oracle.position();
            return random
                .longs(12, position, position + 1_000)
                .map(id -> 1 + id % oracle.rows())
                .distinct()
                .boxed()
                .sorted(Comparator.reverseOrder())
                .toList();
          });

  List<Long> rows(Oracle oracle, Random random) {
    return choice.rows(oracle, random);
  }

  /** Chooses rows by their keys. */
  interface Choice {
    List<Long> rows(Oracle oracle, Random random);
  }
}
