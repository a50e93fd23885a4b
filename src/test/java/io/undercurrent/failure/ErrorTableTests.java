package io.undercurrent.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.DatabaseDownException;
import io.undercurrent.database.RefusedException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorTableTests {

  @ParameterizedTest
  @CsvSource({
    "40001, AGAIN",
    "40P01, AGAIN",
    "55P03, GIVE_WAY",
    "57014, SMALLER",
    "25P03, SMALLER",
    "25P04, SMALLER",
    "53200, SMALLER",
    "53400, SMALLER",
    "08006, RECONNECT",
    "57P01, RECONNECT",
    "57P03, RECONNECT",
    "25006, WAIT",
    "53100, WAIT",
    "53300, WAIT",
    "58030, WAIT",
    "22P02, FIND_ROW",
    "23505, FIND_ROW",
    "21000, FIND_ROW",
    "44000, FIND_ROW",
    "54000, FIND_ROW",
    "P0001, FIND_ROW",
    "42P01, STOP",
    "42501, STOP",
    "25001, STOP",
    "3F000, STOP",
    "28P01, STOP",
    "57P04, ATTEMPTS",
    "08004, ATTEMPTS",
    "0A000, ATTEMPTS",
    "XX000, ATTEMPTS"
  })
  void saysWhatIsDoneAboutAnSqlState(String sqlState, Reaction reaction) {
    assertThat(ErrorTable.reaction(new IllegalStateException(new SQLException("no", sqlState))))
        .isEqualTo(reaction);
  }

  @Test
  void takesAnErrorOfTheMachineForWhatItIs() {
    assertThat(ErrorTable.reaction(new IllegalStateException(new OutOfMemoryError())))
        .isEqualTo(Reaction.SMALLER);
    assertThat(ErrorTable.reaction(new BeanFailedException("ship", new OutOfMemoryError())))
        .isEqualTo(Reaction.SMALLER);
    assertThat(ErrorTable.reaction(new StackOverflowError())).isEqualTo(Reaction.ATTEMPTS);
  }

  @Test
  void waitsForAPoolThatHasNoConnection() {
    assertThat(ErrorTable.reaction(new SQLTransientConnectionException("timed out")))
        .isEqualTo(Reaction.RECONNECT);
  }

  @Test
  void stopsAtWhatWasRefusedUnlessThatPasses() {
    assertThat(ErrorTable.reaction(new RefusedException("no key"))).isEqualTo(Reaction.STOP);
    assertThat(ErrorTable.reaction(new RefusedException("no", new SQLException("x", "22012"))))
        .isEqualTo(Reaction.STOP);
    assertThat(ErrorTable.reaction(new RefusedException("no", new SQLException("x", "55P03"))))
        .isEqualTo(Reaction.GIVE_WAY);
    assertThat(
            ErrorTable.reaction(
                new DatabaseDownException("down", new SQLException("refused", "08001"))))
        .isEqualTo(Reaction.RECONNECT);
  }

  @Test
  void goesByWhatAnExceptionOfOursSays() {
    final class Busy extends RefusedException implements PassesByItself {
      Busy() {
        super("busy");
      }
    }

    assertThat(ErrorTable.reaction(new IllegalStateException(new Busy()))).isEqualTo(Reaction.WAIT);
    assertThat(ErrorTable.reaction(new HopelessException("no", new SQLException("x", "55P03"))))
        .isEqualTo(Reaction.STOP);
  }

  @Test
  void doesNotTakeABeansDatabaseForOurs() {
    assertThat(
            ErrorTable.reaction(new BeanFailedException("ship", new SQLException("gone", "08006"))))
        .isEqualTo(Reaction.FIND_ITEM);
  }

  @Test
  void hasEachSqlStateInOneLineOnly() {
    var rules = ErrorTable.rules();
    for (var rule : rules) {
      for (var sqlState : rule.sqlStates()) {
        assertThat(ErrorTable.reaction(sqlState)).as(sqlState).isEqualTo(rule.reaction());
      }
    }
    assertThat(rules).endsWith(ErrorTable.BEAN, ErrorTable.REST);
  }
}
