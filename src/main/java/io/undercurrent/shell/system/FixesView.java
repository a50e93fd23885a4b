package io.undercurrent.shell.system;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.doctor.Fixed;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.Screen;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/** What {@code doctor --fix} has done, for people and for scripts. */
public final class FixesView {

  private final Screen screen;

  public FixesView(Screen screen) {
    this.screen = screen;
  }

  /**
   * Mends the findings of a name in each database, and shows what became of them.
   *
   * @throws RefusedException if one is left
   */
  public void show(
      String name, List<String> databases, Function<String, List<Fixed>> fix, boolean json) {
    var all = databases.stream().map(database -> Mended.of(database, fix)).toList();
    if (json) {
      JsonOutput.print(screen, all.stream().map(DatabaseJson::of).toList());
    } else {
      all.forEach(one -> show(name, one));
    }
    screen.out().flush();
    var left = all.stream().flatMap(Mended::left).toList();
    if (!left.isEmpty()) {
      throw new RefusedException(String.join("\n", left));
    }
  }

  private void show(String name, Mended one) {
    one.fixes.stream().filter(Fixed::done).map(Fixed::outcome).forEach(screen::tell);
    if (one.fixes.isEmpty() && one.problem == null) {
      screen.tell("There is no %s on %s.".formatted(name, one.database));
    }
  }

  private record Mended(String database, @Nullable String problem, List<Fixed> fixes) {

    static Mended of(String database, Function<String, List<Fixed>> fix) {
      try {
        return new Mended(database, null, fix.apply(database));
      } catch (RefusedException e) {
        return new Mended(database, String.valueOf(e.getMessage()), List.of());
      } catch (DataAccessException e) {
        return new Mended(database, SqlFailure.of(e).sentence(), List.of());
      }
    }

    /** Why something is left. */
    Stream<String> left() {
      return Stream.concat(
          Stream.ofNullable(problem),
          fixes.stream().filter(fixed -> !fixed.done()).map(Fixed::outcome));
    }
  }

  /** The stable form of what was done in a database. */
  private record DatabaseJson(String database, @Nullable String problem, List<FixJson> fixes) {

    static DatabaseJson of(Mended one) {
      return new DatabaseJson(
          one.database, one.problem, one.fixes.stream().map(FixJson::of).toList());
    }
  }

  /** The stable form of what became of a finding. */
  private record FixJson(String name, @Nullable String subject, boolean done, String outcome) {

    static FixJson of(Fixed fixed) {
      return new FixJson(
          fixed.finding().name(), fixed.finding().subject(), fixed.done(), fixed.outcome());
    }
  }
}
