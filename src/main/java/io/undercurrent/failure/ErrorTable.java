package io.undercurrent.failure;

import static io.undercurrent.failure.Reaction.AGAIN;
import static io.undercurrent.failure.Reaction.ATTEMPTS;
import static io.undercurrent.failure.Reaction.FIND_ITEM;
import static io.undercurrent.failure.Reaction.FIND_ROW;
import static io.undercurrent.failure.Reaction.GIVE_WAY;
import static io.undercurrent.failure.Reaction.RECONNECT;
import static io.undercurrent.failure.Reaction.SMALLER;
import static io.undercurrent.failure.Reaction.STOP;
import static io.undercurrent.failure.Reaction.WAIT;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which error means what, by its SQLSTATE (PostgreSQL's manual, appendix A): the first line that
 * fits decides.
 */
public final class ErrorTable {

  /** What is shown for errors that have no SQLSTATE, or one that no line is for. */
  public static final ErrorRule REST = new ErrorRule("everything else", ATTEMPTS);

  /** What is shown for the errors of beans, which the engine throws itself. */
  public static final ErrorRule BEAN = new ErrorRule("a bean has failed", FIND_ITEM);

  private static final List<ErrorRule> RULES =
      List.of(
          new ErrorRule("serialization failure, deadlock", AGAIN, "40001", "40P01"),
          new ErrorRule("a lock is held too long", GIVE_WAY, "55P03"),
          new ErrorRule(
              "a statement or transaction takes too long, or is cancelled",
              SMALLER,
              "57014",
              "25P03",
              "25P04"),
          new ErrorRule("out of memory or of temporary files", SMALLER, "53200", "53400"),
          new ErrorRule(
              "connection lost, server shut down, crashed or starting, idle session ended",
              RECONNECT,
              "08000",
              "08001",
              "08003",
              "08006",
              "08007",
              "57P"),
          new ErrorRule("the server accepts no writes, as a standby", WAIT, "25006"),
          new ErrorRule("out of disk or of connections, a failing disk", WAIT, "53", "58030"),
          new ErrorRule("data that does not fit", FIND_ROW, "21", "22", "44", "54"),
          new ErrorRule("a constraint, a unique key or a reference is violated", FIND_ROW, "23"),
          new ErrorRule("a trigger or function refuses", FIND_ROW, "P0", "38", "39"),
          new ErrorRule(
              "SQL that is wrong, objects that are missing, privileges that are lacking",
              STOP,
              "42",
              "3D",
              "3F",
              "2BP01"),
          new ErrorRule("a statement that no transaction can hold", STOP, "25001"),
          new ErrorRule("a login that is refused", STOP, "28"));

  /** What an exception of ours says about a row is no guess from the SQLSTATE. */
  private static final Set<Reaction> REFUSED = Set.of(STOP, ATTEMPTS, FIND_ROW);

  private ErrorTable() {}

  /** All lines, the rest last. */
  public static List<ErrorRule> rules() {
    return Stream.concat(RULES.stream(), Stream.of(BEAN, REST)).toList();
  }

  /** What is done about an error. */
  public static Reaction reaction(Throwable failure) {
    if (has(failure, OutOfMemoryError.class)) {
      return SMALLER;
    }
    if (has(failure, PassesByItself.class)) {
      return WAIT;
    }
    if (failure instanceof HopelessException) {
      return STOP;
    }
    if (failure instanceof BeanFailedException) {
      return FIND_ITEM;
    }
    var reaction = reaction(SqlFailure.of(failure));
    return has(failure, RefusedException.class) && REFUSED.contains(reaction) ? STOP : reaction;
  }

  /** Without an SQLSTATE a connection may be lost, and with one it may be refused for good. */
  private static Reaction reaction(SqlFailure failure) {
    var reaction = reaction(failure.sqlState());
    if (reaction == RECONNECT && !failure.down()) {
      return ATTEMPTS;
    }
    return reaction == ATTEMPTS && failure.down() ? RECONNECT : reaction;
  }

  /** What is done about an error by its SQLSTATE alone. */
  public static Reaction reaction(@Nullable String sqlState) {
    return RULES.stream()
        .filter(rule -> sqlState != null && rule.isFor(sqlState))
        .findFirst()
        .orElse(REST)
        .reaction();
  }

  static boolean has(Throwable failure, Class<?> type) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
