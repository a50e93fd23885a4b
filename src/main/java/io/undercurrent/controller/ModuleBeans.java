package io.undercurrent.controller;

import java.util.Map;
import java.util.Optional;

/**
 * The processors and writers that modules have registered. Their class loader is never closed: it
 * lives as long as they do.
 *
 * @param byName all of them
 */
public record ModuleBeans(Map<String, ModuleBean> byName) {

  /** None. */
  public static final ModuleBeans NONE = new ModuleBeans(Map.of());

  /** The bean of that name. */
  public Optional<ModuleBean> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /**
   * A bean of a module.
   *
   * @param module the module's class name, for messages
   * @param bean the processor or writer
   */
  public record ModuleBean(String module, Object bean) {}
}
