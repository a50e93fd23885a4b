package io.undercurrent.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.health.Reading.Value;
import java.util.Arrays;

/** Looks at signals as a watch would, on a session of the database's. */
final class Looking {

  private Looking() {}

  /** What a look finds with these tables in hand. */
  static Reading at(Database database, Signal signal, String... tables) {
    return signal.look(
        new Look(database.jdbc(), tables.length == 0 ? null : "some", Arrays.asList(tables)));
  }

  /** The same where it is a figure. */
  static Value value(Database database, Signal signal, String... tables) {
    var reading = at(database, signal, tables);
    assertThat(reading).isInstanceOf(Value.class);
    return (Value) reading;
  }

  static double figure(Database database, Signal signal, String... tables) {
    return value(database, signal, tables).value();
  }

  static String unknown(Reading reading) {
    assertThat(reading).isInstanceOf(Reading.Unknown.class);
    return ((Reading.Unknown) reading).why();
  }
}
