package io.undercurrent.configuration;

import static java.util.stream.Collectors.joining;

import io.undercurrent.controller.ModuleException;
import io.undercurrent.database.RefusedException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.convert.ConverterNotFoundException;

/** Says to an operator what is wrong with a configured value or a module. */
public final class ConfigurationFailure {

  private static final Map<Class<?>, String> EXPECTED =
      Map.of(
          Duration.class, "a duration such as 100ms or 2s",
          InetAddress.class, "an IP address or the name of a host",
          boolean.class, "true or false",
          int.class, "an integer");

  private ConfigurationFailure() {}

  /**
   * Finds the operator's message in what was thrown.
   *
   * @return empty if it is a defect rather than something that the operator can correct
   */
  public static Optional<String> message(Throwable failure) {
    return Stream.<@Nullable Throwable>iterate(
            failure, thrown -> thrown != null, Throwable::getCause)
        .flatMap(thrown -> ofOne(thrown).stream())
        .findFirst();
  }

  private static Optional<String> ofOne(Throwable thrown) {
    if (thrown instanceof RefusedException || thrown instanceof ModuleException) {
      return Optional.ofNullable(thrown.getMessage());
    }
    return thrown instanceof BindException bind ? Optional.of(ofProperty(bind)) : Optional.empty();
  }

  /** Properties that check themselves have their own words; Spring checks types. */
  private static String ofProperty(BindException bind) {
    if (bind.getCause() instanceof UnboundConfigurationPropertiesException unbound) {
      return "%s: expected indexes that count up from 0, got %s"
          .formatted(bind.getName(), names(unbound));
    }
    if (bind.getCause() instanceof ConverterNotFoundException) {
      return "%s: expected properties below it, found none".formatted(bind.getName());
    }
    var reason = String.valueOf(NestedExceptionUtils.getMostSpecificCause(bind).getMessage());
    if (reason.startsWith("undercurrent.")) {
      return reason;
    }
    var property = bind.getProperty();
    return property != null && property.getOrigin() instanceof PropertySourceOrigin origin
        ? "%s: expected %s, got '%s' (from %s)"
            .formatted(
                bind.getName(),
                expected(bind),
                property.getValue(),
                Origins.of(origin.getPropertySource(), origin.getPropertyName()))
        : "%s: %s".formatted(bind.getName(), reason);
  }

  private static String names(UnboundConfigurationPropertiesException unbound) {
    return unbound.getUnboundProperties().stream()
        .map(property -> property.getName().toString())
        .collect(joining(", "));
  }

  private static String expected(BindException bind) {
    var type = bind.getTarget().getType().toClass();
    return type.isEnum()
        ? "one of " + words(type.getEnumConstants())
        : EXPECTED.getOrDefault(type, "a value of type " + type.getSimpleName());
  }

  private static String words(Object[] values) {
    return Stream.of(values)
        .map(value -> value.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
        .collect(joining(", "));
  }
}
