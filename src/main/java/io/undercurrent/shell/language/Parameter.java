package io.undercurrent.shell.language;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.shell.core.command.CommandOption;
import org.springframework.shell.core.command.annotation.Argument;
import org.springframework.shell.core.command.annotation.Option;

/**
 * One argument or option of a verb.
 *
 * @param isOption whether its value follows its name, rather than stands on its own
 * @param name an option's name, without dashes; of an argument, its placeholder
 * @param placeholder what stands for its value in help: {@code JOB}
 * @param description what it is for
 * @param type String, Integer, Duration, boolean for an option without a value, or List for the
 *     last argument if several may be given
 * @param required whether the verb does nothing without it
 * @param otherwise the value where it is not given; empty if there is none
 */
public record Parameter(
    boolean isOption,
    String name,
    String placeholder,
    String description,
    Class<?> type,
    boolean required,
    String otherwise) {

  /** The parameter of a verb's method. Spring Shell has no word for an optional argument. */
  static Parameter of(java.lang.reflect.Parameter parameter) {
    var placeholder = parameter.getName().toUpperCase(Locale.ROOT);
    var type = parameter.getType();
    var argument = parameter.getAnnotation(Argument.class);
    if (argument != null) {
      var optional = parameter.getAnnotatedType().isAnnotationPresent(Nullable.class);
      return new Parameter(
          false, placeholder, placeholder, argument.description(), type, !optional, "");
    }
    var option = parameter.getAnnotation(Option.class);
    if (option == null) {
      throw new IllegalArgumentException(
          "expected @Argument or @Option on %s".formatted(parameter));
    }
    return new Parameter(
        true,
        option.longName(),
        placeholder,
        option.description(),
        type,
        false,
        option.defaultValue());
  }

  boolean isFlag() {
    return type == boolean.class;
  }

  /** Whether several values may be given. */
  boolean isList() {
    return type == List.class;
  }

  /** As it stands in a verb's usage line. */
  String usage() {
    var usage = isList() ? label() + " ..." : label();
    return required ? usage : "[" + usage + "]";
  }

  /** As it stands before its description. */
  String label() {
    if (!isOption) {
      return placeholder;
    }
    return isFlag() ? "--" + name : "--" + name + " " + placeholder;
  }

  /** As Spring Shell describes options. */
  CommandOption option() {
    return CommandOption.with()
        .longName(name)
        .description(description)
        .required(required)
        .defaultValue(otherwise)
        .type(type)
        .build();
  }

  /** What the method gets for the text that was given. */
  @Nullable Object value(@Nullable String given) {
    if (isFlag()) {
      return given != null;
    }
    var text = given == null && !otherwise.isEmpty() ? otherwise : given;
    if (text == null || type == String.class) {
      return text;
    }
    return type == Duration.class ? duration(text) : number(text);
  }

  private Duration duration(String text) {
    try {
      var duration = DurationStyle.detectAndParse(text);
      if (!duration.isZero() && !duration.isNegative() && !text.matches("\\d+")) {
        return duration;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw expected("a duration like 30m, 2h or 1d", text);
  }

  private int number(String text) {
    try {
      var number = Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw expected("a whole number above 0", text);
  }

  private UsageException expected(String what, String found) {
    var where = isOption ? "--" + name : placeholder;
    return new UsageException("%s: expected %s, got '%s'".formatted(where, what, found));
  }
}
