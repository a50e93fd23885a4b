package io.undercurrent.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseDownException;
import io.undercurrent.database.RefusedException;
import io.undercurrent.testing.PostgresTest;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.UncategorizedSQLException;

@PostgresTest
class TroubleTests {

  private static final RuntimeException REFUSED = new RefusedException("no");

  @Test
  void lastsFromTheFifthRefusalInARowOn(Database database) {
    assertThat(after(database, Collections.nCopies(4, REFUSED)).lasts()).isFalse();
    assertThat(after(database, Collections.nCopies(5, REFUSED)).lasts()).isTrue();
    assertThat(after(database, Collections.nCopies(5, new IllegalStateException())).lasts())
        .isTrue();
    var down = new DatabaseDownException("down", null);
    assertThat(after(database, List.of(REFUSED, REFUSED, REFUSED, REFUSED, down)).lasts())
        .isFalse();
    assertThat(after(database, List.of(REFUSED, REFUSED, down, REFUSED, REFUSED, REFUSED)).lasts())
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"53100", "53200", "55P03", "40P01", "57P03", "08006", "58030"})
  void passesWhereItMayWithoutAnybodysDoing(String sqlState, Database database) {
    var failure = new UncategorizedSQLException("a test", "", new SQLException("x", sqlState));

    assertThat(after(database, Collections.nCopies(20, failure)).lasts()).isFalse();
  }

  private static Trouble after(Database database, List<? extends RuntimeException> failures) {
    Trouble trouble = null;
    for (var failure : failures) {
      trouble = Trouble.of(failure, database, trouble);
    }
    return trouble;
  }
}
