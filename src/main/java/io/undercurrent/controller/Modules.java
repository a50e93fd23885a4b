package io.undercurrent.controller;

import io.undercurrent.controller.ModuleProperties.Entry;
import java.util.List;

/** The configured modules, started in their order. */
final class Modules {

  private final List<Entry> entries;
  private final ModuleClasses classes;

  Modules(ModuleProperties properties) {
    this.entries = properties.modules();
    this.classes = ModuleClasses.in(properties.modulesDirectory());
  }

  /**
   * Starts all modules.
   *
   * @param builtIn what paces updates where no module does
   * @throws ModuleException if one cannot be loaded or started
   */
  StartedModules start(Controller builtIn) {
    var registrations = new Registrations(builtIn);
    for (int i = 0; i < entries.size(); i++) {
      start("undercurrent.modules[%d]".formatted(i), entries.get(i), registrations);
    }
    return registrations.close();
  }

  private void start(String property, Entry entry, Registrations registrations) {
    var module = classes.create(property, entry.className());
    var name = module.getClass().getName();
    try {
      module.start(entry.config(), registrations.api(name));
    } catch (Exception | LinkageError e) {
      throw new ModuleException("%s: %s did not start: %s".formatted(property, name, e), e);
    }
  }
}
