package io.undercurrent.shell.verb;

import static java.util.Objects.requireNonNull;

import io.undercurrent.shell.language.Verbs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.springframework.util.ClassUtils;

/** The verbs: every class of this package whose name ends in Verb or Verbs. */
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
    var classes = new ArrayList<Class<?>>();
    for (var file : files()) {
      if (file.endsWith("Verb" + SUFFIX) || file.endsWith("Verbs" + SUFFIX)) {
        var name = file.substring(0, file.length() - SUFFIX.length());
        classes.add(
            ClassUtils.resolveClassName(
                AllVerbs.class.getPackageName() + "." + name, AllVerbs.class.getClassLoader()));
      }
    }
    return classes;
  }

  /** The names of the files next to this class, in its directory or its jar. */
  private static List<String> files() {
    var own = requireNonNull(AllVerbs.class.getResource("AllVerbs" + SUFFIX));
    try {
      return own.openConnection() instanceof JarURLConnection jar
          ? entries(jar, ClassUtils.classPackageAsResourcePath(AllVerbs.class) + "/")
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
