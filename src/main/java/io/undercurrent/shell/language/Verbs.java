package io.undercurrent.shell.language;

import java.lang.reflect.Method;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.shell.core.command.CommandRegistry;
import org.springframework.shell.core.command.annotation.Command;

/** The verbs of the console, in the order of help. */
public final class Verbs {

  private final List<Verb> verbs;

  private Verbs(List<Verb> verbs) {
    this.verbs = verbs;
  }

  /**
   * The verbs of some classes.
   *
   * @param classes have methods that are annotated as commands
   * @param beans gives the objects to call, asked only when a verb is carried out
   */
  public static Verbs of(List<Class<?>> classes, Function<Class<?>, ?> beans) {
    return new Verbs(
        classes.stream()
            .flatMap(Verbs::commandMethods)
            .map(method -> new Verb(method, beans))
            .sorted(
                Comparator.comparing((Verb verb) -> Groups.ORDER.indexOf(verb.getGroup()))
                    .thenComparing(Verb::getName))
            .toList());
  }

  private static Stream<Method> commandMethods(Class<?> type) {
    return MethodIntrospector.selectMethods(
        type, (Method method) -> AnnotatedElementUtils.hasAnnotation(method, Command.class))
        .stream();
  }

  public Stream<Verb> stream() {
    return verbs.stream();
  }

  Optional<Verb> named(String name) {
    return verbs.stream()
        .filter(verb -> verb.getName().equals(name) || verb.getAliases().contains(name))
        .findFirst();
  }

  List<String> names() {
    return verbs.stream()
        .flatMap(verb -> Stream.concat(Stream.of(verb.getName()), verb.getAliases().stream()))
        .toList();
  }

  CommandRegistry registry() {
    return new CommandRegistry(new HashSet<>(verbs));
  }
}
