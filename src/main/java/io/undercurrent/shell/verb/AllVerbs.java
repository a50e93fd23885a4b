package io.undercurrent.shell.verb;

import static java.util.Objects.requireNonNull;

import io.undercurrent.shell.language.Verbs;
import io.undercurrent.shell.system.VersionVerb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.util.ClassUtils;

/** The verbs: every class of their packages whose name ends in Verb or Verbs. */
public final class AllVerbs {

  private static final String SUFFIX = ClassUtils.CLASS_FILE_SUFFIX;
  private static final List<Class<?>> CLASSES = classes();

  private AllVerbs() {}

  /** To be read about; none can be carried out. */
  public static Verbs described() {
    return of(
        type -> {
          throw new IllegalStateException(type + " can only be read about");
        });
  }

  /**
   * To be carried out.
   *
   * @param beans gives the objects to call, asked only when a verb is carried out
   */
  public static Verbs of(Function<Class<?>, ?> beans) {
    return Verbs.of(CLASSES, beans);
  }

  // Not by a scan of Spring's: it takes a third of the time that help takes.
  static List<Class<?>> classes() {
    return Stream.of(AllVerbs.class, VersionVerb.class).flatMap(AllVerbs::verbsNextTo).toList();
  }

  private static Stream<Class<?>> verbsNextTo(Class<?> neighbour) {
    return files(neighbour).stream()
        .filter(file -> file.endsWith("Verb" + SUFFIX) || file.endsWith("Verbs" + SUFFIX))
        .map(file -> file.substring(0, file.length() - SUFFIX.length()))
        .map(name -> neighbour.getPackageName() + "." + name)
        .map(name -> ClassUtils.resolveClassName(name, neighbour.getClassLoader()));
  }

  /** The names of the files next to a class, in its directory or its jar. */
  private static List<String> files(Class<?> type) {
    var own = requireNonNull(type.getResource(type.getSimpleName() + SUFFIX));
    try {
      return own.openConnection() instanceof JarURLConnection jar
          ? entries(jar, ClassUtils.classPackageAsResourcePath(type) + "/")
          : List.of(
              requireNonNull(Path.of(URI.create("" + own)).resolveSibling("").toFile().list()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> entries(JarURLConnection jar, String directory) throws IOException {
    var files = new ArrayList<String>();
    for (var entries = jar.getJarFile().entries(); entries.hasMoreElements(); ) {
      var name = entries.nextElement().getName();
      if (name.startsWith(directory)) {
        files.add(name.substring(directory.length()));
      }
    }
    return files;
  }
}
