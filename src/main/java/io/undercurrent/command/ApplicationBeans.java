package io.undercurrent.command;

import io.undercurrent.controller.ModuleBeans;
import io.undercurrent.controller.ModuleBeans.ModuleBean;
import io.undercurrent.database.DidYouMean;
import io.undercurrent.database.RefusedException;
import io.undercurrent.iteration.Beans;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.beans.factory.BeanFactory;

/**
 * Finds processors and writers among those that modules have registered, and the application's own
 * beans.
 *
 * @param spring the application's beans
 * @param modules those of modules
 */
record ApplicationBeans(BeanFactory spring, ModuleBeans modules) implements Beans {

  @Override
  public <T> T get(String name, Class<T> type) {
    var own = own(name);
    var found = modules.find(name);
    if (found.isPresent() && own != null) {
      throw new RefusedException(
          "expected one bean '%s', found two: one of module %s, and the application's own %s. Give one of them another name"
              .formatted(name, found.get().module(), own.getClass().getName()));
    }
    var bean = found.map(ModuleBean::bean).or(() -> Optional.ofNullable(own));
    return bean.filter(type::isInstance)
        .map(type::cast)
        .orElseThrow(() -> missing(name, type, found));
  }

  /** Other beans may have any name. */
  private @Nullable Object own(String name) {
    var usable =
        spring.containsBean(name)
            && (spring.isTypeMatch(name, ItemProcessor.class)
                || spring.isTypeMatch(name, ItemWriter.class));
    return usable ? spring.getBean(name) : null;
  }

  private RefusedException missing(String name, Class<?> type, Optional<ModuleBean> other) {
    return new RefusedException(
        "expected a bean '%s' of type %s, found %s"
            .formatted(
                name,
                type.getSimpleName(),
                other
                    .map(bean -> "another one, of module " + bean.module())
                    .orElseGet(() -> "none" + DidYouMean.hint(name, modules.byName().keySet()))));
  }
}
