package io.undercurrent.controller;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The classes that modules may be: those of the application and those in the jars of the modules'
 * directory.
 *
 * @param loader where classes come from
 * @param place the same in words
 * @param wayOut what to do about a class that is not there
 */
record ModuleClasses(ClassLoader loader, String place, String wayOut) {

  private static final ClassLoader APPLICATION = ModuleClasses.class.getClassLoader();

  static ModuleClasses in(@Nullable String directory) {
    return directory == null || directory.isBlank()
        ? onTheClassPath()
        : inJarsOf(Path.of(directory));
  }

  private static ModuleClasses onTheClassPath() {
    return new ModuleClasses(
        APPLICATION,
        "on the class path",
        "Name the directory of the module's jar in undercurrent.modules-directory");
  }

  private static ModuleClasses inJarsOf(Path directory) {
    var jars = jars(directory);
    var names = jars.stream().map(jar -> jar.getFileName().toString()).collect(joining(", "));
    return new ModuleClasses(
        new URLClassLoader(jars.stream().map(ModuleClasses::url).toArray(URL[]::new), APPLICATION),
        "on the class path or in the jars of '%s' (%s)"
            .formatted(directory, names.isEmpty() ? "which has none" : names),
        "Put the module's jar into that directory");
  }

  private static List<Path> jars(Path directory) {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new ModuleException(
          "undercurrent.modules-directory: expected a readable directory, got '%s' (%s)"
              .formatted(directory, e),
          e);
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Makes a module.
   *
   * @param property the module's place in the configuration, for messages
   * @throws ModuleException if that is not possible
   */
  UndercurrentModule create(String property, @Nullable String className) {
    if (className == null) {
      throw new ModuleException(
          property + ".class: expected the name of a class, found nothing", null);
    }
    try {
      return loader
          .loadClass(className)
          .asSubclass(UndercurrentModule.class)
          .getConstructor()
          .newInstance();
    } catch (ClassNotFoundException e) {
      throw problem(
          e,
          "%s.class: expected a class %s, found no '%s'. %s, or correct the class's name",
          property,
          place,
          className,
          wayOut);
    } catch (ClassCastException e) {
      throw problem(
          e,
          "%s.class: expected a class that implements %s, but '%s' does not",
          property,
          UndercurrentModule.class.getName(),
          className);
    } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
      throw problem(
          e,
          "%s.class: expected a public class with a public constructor without parameters, but '%s'"
              + " is not one",
          property,
          className);
    } catch (InvocationTargetException e) {
      throw problem(e, "%s: the constructor of %s failed: %s", property, className, e.getCause());
    } catch (LinkageError e) {
      throw problem(e, "%s.class: '%s' cannot be loaded: %s", property, className, e);
    }
  }

  private static ModuleException problem(Throwable cause, String message, @Nullable Object... of) {
    return new ModuleException(message.formatted(of), cause);
  }
}
