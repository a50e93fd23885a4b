package io.undercurrent.database.registry;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** Takes an empty variable, or a heading in a file with nothing below it, for nothing. */
final class EmptyIsNothing extends AbstractBindHandler {

  EmptyIsNothing(BindHandler parent) {
    super(parent);
  }

  @Override
  public <T> @Nullable Bindable<T> onStart(
      ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
    return mayBeLeftOut(name, target.getType().toClass()) && isBlank(name, context.getBinder())
        ? null
        : super.onStart(name, target, context);
  }

  // An empty value further down, a size or a whole database, is a mistake.
  private static boolean mayBeLeftOut(ConfigurationPropertyName name, Class<?> type) {
    return name.getNumberOfElements() == 2 || type == Map.class;
  }

  private static boolean isBlank(ConfigurationPropertyName name, Binder binder) {
    return binder.bind(name, Bindable.of(String.class)).map(String::isBlank).orElse(false);
  }
}
