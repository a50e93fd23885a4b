package io.undercurrent.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.CheckReport;
import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.ScriptedController;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes of real systems, written from the documentation alone. */
@PostgresTest
class RealChangesTests {

  private static final String MAIN = "master";

  static List<RealChange> changes() {
    return RealChange.all();
  }

  @ParameterizedTest
  @MethodSource("changes")
  void endAsTheyShould(RealChange change, Database database) throws Exception {
    change.prepare(database);
    try (var engine = change.engine(database.settings(), new ScriptedController())) {
      assertThat(engine.updates.check(MAIN, change.name()))
          .returns(List.of(), CheckReport::problems)
          .returns(List.of(), CheckReport::warnings);

      engine.updates.start(MAIN, change.name());
      engine.run().awaitEmptyQueue();

      assertThat(change.wrong(database)).isEmpty();
    }
  }
}
