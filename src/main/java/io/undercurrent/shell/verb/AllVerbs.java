package io.undercurrent.shell.verb;

import io.undercurrent.shell.language.Verbs;
import java.util.List;
import java.util.function.Function;

/** The verbs that there are. */
public final class AllVerbs {

  private static final List<Class<?>> CLASSES =
      List.of(
          DemoVerb.class,
          SampleVerb.class,
          StatusVerb.class,
          ShowVerb.class,
          WhyVerb.class,
          WatchVerb.class,
          QueueVerbs.class,
          JobVerbs.class,
          HistoryVerb.class,
          DatabasesVerb.class,
          RunVerb.class,
          ServeVerb.class,
          TokenVerbs.class,
          PauseVerbs.class,
          HelpVerb.class,
          VersionVerb.class,
          ClearVerb.class);

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
}
