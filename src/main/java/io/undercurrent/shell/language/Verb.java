package io.undercurrent.shell.language;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.shell.core.command.Command;
import org.springframework.shell.core.command.CommandArgument;
import org.springframework.shell.core.command.CommandContext;
import org.springframework.shell.core.command.CommandOption;
import org.springframework.shell.core.command.ExitStatus;
import org.springframework.shell.core.command.ParsedInput;

/**
 * One word of the console's language: a Spring Shell command made of an annotated method.
 *
 * <p>Spring Shell 4.0.1 makes such commands itself, but without optional arguments, without saying
 * which arguments there are, and at the price of half a second for a validator.
 */
public final class Verb implements Command {

  private final Method method;
  private final org.springframework.shell.core.command.annotation.Command command;
  private final List<Parameter> parameters;
  private final Function<Class<?>, ?> beans;

  /**
   * Describes a verb.
   *
   * @param method carries Spring Shell's annotations
   * @param beans gives the object to call the method on, asked only when the verb is carried out
   */
  Verb(Method method, Function<Class<?>, ?> beans) {
    this.method = method;
    this.command =
        Objects.requireNonNull(
            AnnotatedElementUtils.findMergedAnnotation(
                method, org.springframework.shell.core.command.annotation.Command.class));
    this.parameters = Stream.of(method.getParameters()).map(Parameter::of).toList();
    this.beans = beans;
    method.setAccessible(true);
  }

  @Override
  public String getName() {
    return command.name()[0];
  }

  @Override
  public List<String> getAliases() {
    return List.of(command.alias());
  }

  @Override
  public String getGroup() {
    return command.group();
  }

  @Override
  public String getDescription() {
    return command.description();
  }

  @Override
  public String getHelp() {
    return command.help();
  }

  @Override
  public List<CommandOption> getOptions() {
    return options().stream().map(Parameter::option).toList();
  }

  List<Parameter> arguments() {
    return parameters.stream().filter(parameter -> !parameter.isOption()).toList();
  }

  public List<Parameter> options() {
    return parameters.stream().filter(Parameter::isOption).toList();
  }

  /** The verb with what it takes: {@code start JOB [--database DATABASE]}. */
  String usage() {
    return Stream.concat(
            Stream.of(getName()),
            Stream.concat(arguments().stream(), options().stream()).map(Parameter::usage))
        .collect(Collectors.joining(" "));
  }

  @Override
  public ExitStatus execute(CommandContext context) throws Exception {
    try {
      method.invoke(beans.apply(method.getDeclaringClass()), values(context.parsedInput()));
      return ExitStatus.OK;
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /**
   * What the method gets.
   *
   * @throws UsageException if a word does not have its parameter's type
   */
  @Nullable Object[] values(ParsedInput input) {
    return parameters.stream().map(parameter -> value(parameter, input)).toArray();
  }

  private @Nullable Object value(Parameter parameter, ParsedInput input) {
    return parameter.isList()
        ? input.arguments().stream()
            .skip(arguments().indexOf(parameter))
            .map(CommandArgument::value)
            .toList()
        : parameter.value(given(parameter, input));
  }

  /** Which argument a word is, after so many others; empty if there is none left. */
  Optional<Parameter> argument(int before) {
    var arguments = arguments();
    var last = arguments.isEmpty() ? null : arguments.get(arguments.size() - 1);
    return before < arguments.size()
        ? Optional.of(arguments.get(before))
        : Optional.ofNullable(last).filter(Parameter::isList);
  }

  private @Nullable String given(Parameter parameter, ParsedInput input) {
    if (!parameter.isOption()) {
      var index = arguments().indexOf(parameter);
      return index < input.arguments().size() ? input.arguments().get(index).value() : null;
    }
    return input.options().stream()
        .filter(option -> Objects.equals(option.longName(), parameter.name()))
        .map(CommandOption::value)
        .findFirst()
        .orElse(null);
  }
}
