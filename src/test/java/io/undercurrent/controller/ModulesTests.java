package io.undercurrent.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.undercurrent.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ModulesTests {

  private static final List<String> started = new ArrayList<>();

  private final Map<String, String> properties = new HashMap<>();

  @TempDir private Path directory;

  @AfterEach
  void forgetWhatWasStarted() {
    started.clear();
  }

  @Test
  void leavesTheBuiltInControllerWithoutAModule() {
    assertThat(start().source()).isEqualTo("the built-in controller");
  }

  @Test
  void leavesTheBuiltInControllerWhenNoModuleRegisters() {
    list(Silent.class);

    assertThat(start().source()).isEqualTo("the built-in controller");
    assertThat(started).containsExactly("Silent {}");
  }

  @Test
  void handsEachModuleItsOwnConfig() {
    list(Silent.class, Pacing.class);
    properties.put("undercurrent.modules[0].config.from", "22:00");
    properties.put("undercurrent.modules[0].config.on.weekends", "true");
    properties.put("undercurrent.modules[1].config.size", "7");

    start();

    assertThat(started).containsExactly("Silent {from=22:00, on.weekends=true}", "Pacing {size=7}");
  }

  @Test
  void takesTheCallbacksOfTheFirstModuleThatRegisters(CapturedOutput output) {
    list(Silent.class, Pacing.class, OtherPacing.class);
    properties.put("undercurrent.modules[1].config.size", "7");

    var controller = start();

    assertThat(controller.source()).isEqualTo(Pacing.class.getName());
    assertThat(controller.defaultBatchSize().batchSize("fill_titles", "master")).isEqualTo(7);
    assertThat(controller.minBatchSize().batchSize("fill_titles", "master")).isEqualTo(7);
    assertThat(output)
        .contains(
            "WARN",
            "Module %s: its controller callbacks are ignored, those of %s came first"
                .formatted(OtherPacing.class.getName(), Pacing.class.getName()));
  }

  @Test
  void keepsTheConfiguredBatchSizesWhereAModuleHasNone() {
    list(OtherPacing.class);
    properties.put("undercurrent.background-updates.default-batch-size", "30");
    properties.put("undercurrent.background-updates.min-batch-size", "20");

    var controller = start();

    assertThat(controller.source()).isEqualTo(OtherPacing.class.getName());
    assertThat(controller.defaultBatchSize().batchSize("fill_titles", "master")).isEqualTo(30);
    assertThat(controller.minBatchSize().batchSize("fill_titles", "master")).isEqualTo(20);
  }

  @Test
  void refusesBatchSizesWithoutOnUpdate() {
    list(SizesOnly.class);

    refuses(
        "undercurrent.modules[0]: %s did not start: java.lang.IllegalArgumentException: expected"
            + " on_update among the callbacks, got null; batch sizes alone are not enough",
        SizesOnly.class.getName());
  }

  @Test
  void refusesCallbacksThatComeLate() {
    list(Late.class);
    start();

    assertThatIllegalStateException()
        .isThrownBy(Late::register)
        .withMessage(
            "%s: callbacks must be registered before the module's start method returns",
            Late.class.getName());
  }

  @Test
  void keepsTheBeansOfAllModules() {
    list(Bringing.class, Pacing.class);
    properties.put("undercurrent.modules[0].config.name", "ship");
    properties.put("undercurrent.modules[1].config.size", "7");

    var started = startAll();

    assertThat(started.controller().source()).isEqualTo(Pacing.class.getName());
    assertThat(started.beans().find("ship"))
        .hasValueSatisfying(bean -> assertThat(bean.bean()).isInstanceOf(ItemProcessor.class))
        .hasValueSatisfying(bean -> assertThat(bean.module()).isEqualTo(Bringing.class.getName()));
    assertThat(started.beans().find("ship writer"))
        .hasValueSatisfying(bean -> assertThat(bean.bean()).isInstanceOf(ItemWriter.class));
    assertThat(started.beans().find("list")).isEmpty();
  }

  @Test
  void refusesANameThatIsTaken() {
    list(Bringing.class, OtherBringing.class);
    properties.put("undercurrent.modules[0].config.name", "ship");

    refuses(
        "undercurrent.modules[1]: %s did not start: java.lang.IllegalArgumentException: expected a"
            + " name of its own for the writer 'ship', found that module %s has registered a bean"
            + " of that name",
        OtherBringing.class.getName(), Bringing.class.getName());
  }

  @Test
  void refusesABeanWithoutAName() {
    list(Bringing.class);
    properties.put("undercurrent.modules[0].config.name", " ");

    refuses(
        "undercurrent.modules[0]: %s did not start: java.lang.IllegalArgumentException: expected a"
            + " name for the processor, got none",
        Bringing.class.getName());
  }

  @Test
  void refusesBeansThatComeLate() {
    list(Late.class);
    start();

    assertThatIllegalStateException()
        .isThrownBy(() -> Late.api.registerProcessor("late", row -> row))
        .withMessage(
            "%s: beans must be registered before the module's start method returns",
            Late.class.getName());
  }

  @Test
  void loadsAModuleFromAJar() throws Exception {
    writeJar(
        "com.acme.Night",
        """
        package com.acme;
        public class Night implements io.undercurrent.controller.UndercurrentModule {
          public void start(
              java.util.Map<String, String> config, io.undercurrent.controller.ModuleApi api) {
            api.registerBackgroundUpdateControllerCallbacks(
                (update, database, oneShot) -> () -> java.time.Duration.ofMillis(42));
          }
        }""");
    properties.put("undercurrent.modules-directory", directory.toString());
    list("com.acme.Night");

    var controller = start();

    assertThat(controller.source()).isEqualTo("com.acme.Night");
    assertThat(controller.onUpdate().onUpdate("fill_titles", "master", false).enter())
        .isEqualTo(Duration.ofMillis(42));
  }

  @Test
  void saysThatAClassIsNotOnTheClassPath() {
    properties.put("undercurrent.modules-directory", "");
    list(Silent.class.getName(), "com.acme.Night");

    refuses(
        "undercurrent.modules[1].class: expected a class on the class path, found no"
            + " 'com.acme.Night'. Name the directory of the module's jar in"
            + " undercurrent.modules-directory, or correct the class's name");
  }

  @Test
  void saysThatAClassIsInNoJar() throws IOException {
    Files.createFile(directory.resolve("other.jar"));
    Files.createFile(directory.resolve("day.jar"));
    Files.createFile(directory.resolve("notes.txt"));
    properties.put("undercurrent.modules-directory", directory.toString());
    list("com.acme.Night");

    refuses(
        "undercurrent.modules[0].class: expected a class on the class path or in the jars of '%s'"
            + " (day.jar, other.jar), found no 'com.acme.Night'. Put the module's jar into that"
            + " directory, or correct the class's name",
        directory);
  }

  @Test
  void saysThatThereIsNoJar() {
    properties.put("undercurrent.modules-directory", directory.toString());
    list("com.acme.Night");

    refuses(
        "undercurrent.modules[0].class: expected a class on the class path or in the jars of '%s'"
            + " (which has none), found no 'com.acme.Night'. Put the module's jar into that"
            + " directory, or correct the class's name",
        directory);
  }

  @Test
  void refusesADirectoryThatIsNotThere() {
    properties.put("undercurrent.modules-directory", directory + "/modules");

    refuses(
        "undercurrent.modules-directory: expected a readable directory, got '%s/modules'"
            + " (java.nio.file.NoSuchFileException: %s/modules)",
        directory, directory);
  }

  @Test
  void refusesAModuleWithoutAClass() {
    properties.put("undercurrent.modules[0].config.from", "22:00");

    refuses("undercurrent.modules[0].class: expected the name of a class, found nothing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          java.lang.String | .class: expected a class that implements \
          io.undercurrent.controller.UndercurrentModule, but '%s' does not
          io.undercurrent.controller.ModulesTests$Picky | .class: expected a public class with a \
          public constructor without parameters, but '%s' is not one
          io.undercurrent.controller.ModulesTests$Abstract | .class: expected a public class with \
          a public constructor without parameters, but '%s' is not one
          io.undercurrent.controller.ModulesTests$Broken | : the constructor of %s failed: \
          java.lang.IllegalStateException: no luck
          io.undercurrent.controller.ModulesTests$Failing | : %s did not start: \
          java.io.IOException: no luck either
          """)
  void refusesAClassThatIsNoModule(String className, String problem) {
    list(className);

    refuses("undercurrent.modules[0]" + problem, className);
  }

  private void list(Class<?>... modules) {
    list(List.of(modules).stream().map(Class::getName).toArray(String[]::new));
  }

  private void list(String... modules) {
    for (int i = 0; i < modules.length; i++) {
      properties.put("undercurrent.modules[%d].class".formatted(i), modules[i]);
    }
  }

  private Controller start() {
    return startAll().controller();
  }

  private StartedModules startAll() {
    var binder = new Binder(new MapConfigurationPropertySource(properties));
    var modules = binder.bindOrCreate("undercurrent", ModuleProperties.class);
    var settings =
        binder.bindOrCreate("undercurrent.background-updates", ControllerProperties.class);
    return new Modules(modules).start(BuiltInController.of(settings, TimeSource.SYSTEM));
  }

  private void refuses(String message, Object... of) {
    assertThatExceptionOfType(ModuleException.class)
        .isThrownBy(this::startAll)
        .withMessage(message, of);
  }

  private void writeJar(String className, String source) throws IOException {
    var path = className.replace('.', '/');
    var file = Files.writeString(directory.resolve("Night.java"), source);
    var compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", directory.toString(), file.toString());
    assertThat(compiled).isZero();
    try (var jar = new JarOutputStream(Files.newOutputStream(directory.resolve("night.jar")))) {
      jar.putNextEntry(new JarEntry(path + ".class"));
      Files.copy(directory.resolve(path + ".class"), jar);
    }
  }

  /** Registers nothing. */
  public static class Silent implements UndercurrentModule {
    @Override
    public void start(Map<String, String> config, ModuleApi api) {
      started.add("Silent " + config);
    }
  }

  /** Registers all callbacks. */
  public static class Pacing implements UndercurrentModule {
    @Override
    public void start(Map<String, String> config, ModuleApi api) {
      started.add("Pacing " + config);
      var size = Integer.parseInt(config.get("size"));
      api.registerBackgroundUpdateControllerCallbacks(
          (update, database, oneShot) -> () -> Duration.ofMillis(10),
          (update, database) -> size,
          (update, database) -> size);
    }
  }

  /** Registers no batch sizes. */
  public static class OtherPacing implements UndercurrentModule {
    @Override
    public void start(Map<String, String> config, ModuleApi api) {
      api.registerBackgroundUpdateControllerCallbacks(
          (update, database, oneShot) -> () -> Duration.ofMillis(20));
    }
  }

  /** Registers batch sizes only. */
  public static class SizesOnly implements UndercurrentModule {
    @Override
    public void start(Map<String, String> config, ModuleApi api) {
      api.registerBackgroundUpdateControllerCallbacks(
          null, (update, database) -> 1, (update, database) -> 1);
    }
  }

  /** Registers a processor and a writer. */
  public static class Bringing implements UndercurrentModule {
    @Override
    public void start(Map<String, String> config, ModuleApi api) {
      var name = String.valueOf(config.get("name"));
      api.registerProcessor(name, row -> row);
      api.registerWriter(name + " writer", chunk -> {});
    }
  }

  /** Registers a writer. */
  public static class OtherBringing implements UndercurrentModule {
    @Override
    public void start(Map<String, String> config, ModuleApi api) {
      api.registerWriter("ship", chunk -> {});
    }
  }

  /** Registers when it is too late. */
  public static class Late implements UndercurrentModule {
    private static ModuleApi api;

    @Override
    public void start(Map<String, String> config, ModuleApi api) {
      Late.api = api;
    }

    static void register() {
      api.registerBackgroundUpdateControllerCallbacks(
          (update, database, oneShot) -> () -> Duration.ofMillis(10));
    }
  }

  /** Wants a parameter. */
  public static class Picky extends Silent {
    public Picky(String parameter) {}
  }

  /** Cannot be made. */
  public abstract static class Abstract extends Silent {}

  /** Fails while it is made. */
  public static class Broken extends Silent {
    public Broken() {
      throw new IllegalStateException("no luck");
    }
  }

  /** Fails while it starts. */
  public static class Failing implements UndercurrentModule {
    @Override
    public void start(Map<String, String> config, ModuleApi api) throws IOException {
      throw new IOException("no luck either");
    }
  }
}
