package io.undercurrent.shell.language;

import io.undercurrent.command.ShippedKinds;
import io.undercurrent.database.DidYouMean;
import io.undercurrent.job.JobShape;
import io.undercurrent.kind.UpdateKind;
import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.yaml.Shape.Key;
import java.util.List;

/** {@code help job-file}: what a job file can say, and {@code help job-file KIND}. */
final class JobFileHelp {

  static final String TOPIC = "job-file";

  private JobFileHelp() {}

  static void print(Screen screen) {
    say(
        screen,
        "A job is a file in jobs/, in YAML, and its name is the file's. Its updates are queued"
            + " together, each depending on the one before it.");
    list("The file", JobShape.file(), screen);
    section("What an update does, one of", screen);
    var kinds = new DescriptionList();
    ShippedKinds.all().all().forEach(kind -> kinds.add("  " + kind.name(), kind.purpose()));
    kinds.print(screen);
    section("An example of each", screen);
    screen.out().println("updates:");
    ShippedKinds.all().all().forEach(kind -> example(kind, screen));
    list("Any update", JobShape.ofUpdates(), screen);
    screen.out().println();
    say(screen, "All keys of a kind: help job-file KIND. JSON Schema, for editors: schema.");
  }

  /**
   * One kind.
   *
   * @param name one of its keys
   * @throws UsageException if there is no such kind
   */
  static void print(String name, Screen screen) {
    var kinds = ShippedKinds.all();
    var kind =
        kinds
            .named(name)
            .orElseThrow(
                () ->
                    new UsageException(
                        StrictParser.sentence(
                                "No kind of update has the key '%s'%s"
                                    .formatted(name, DidYouMean.hint(name, kinds.keys())))
                            + " All kinds: help job-file"));
    say(screen, kind.name() + ": " + kind.purpose());
    var keys = new DescriptionList();
    kind.keys().forEach(key -> add(keys, "  ", key));
    screen.out().println();
    keys.print(screen);
    section("Example", screen);
    screen.out().println("updates:");
    example(kind, screen);
  }

  private static void add(DescriptionList keys, String indent, Key key) {
    keys.add(indent + key.name(), key.meaning());
    key.shape().inner().forEach(inner -> add(keys, indent + key.name() + ".", inner));
  }

  private static void example(UpdateKind kind, Screen screen) {
    kind.example().lines().map(line -> "  " + line).forEach(screen.out()::println);
  }

  private static void list(String title, List<Key> keys, Screen screen) {
    section(title, screen);
    var facts = new DescriptionList();
    keys.forEach(key -> facts.add("  " + key.name(), key.meaning()));
    facts.print(screen);
  }

  private static void section(String title, Screen screen) {
    screen.out().println();
    screen.out().println(title + ":");
  }

  private static void say(Screen screen, String text) {
    DescriptionList.wrapped(text, screen.width()).forEach(screen.out()::println);
  }
}
