package io.undercurrent.controller;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/**
 * The modules, and where their jars are.
 *
 * @param modules the modules, in the order in which they are started
 * @param modulesDirectory the directory whose jars hold the modules' classes
 */
// A text, because Spring turns 'modules' into a path on the class path if such a path exists.
@ConfigurationProperties("undercurrent")
record ModuleProperties(@DefaultValue List<Entry> modules, @Nullable String modulesDirectory) {

  /**
   * One module.
   *
   * @param className the class that implements {@link UndercurrentModule}
   * @param config the module's own settings
   */
  record Entry(
      @Name("class") @Nullable String className, @DefaultValue Map<String, String> config) {}
}
