package io.undercurrent.state;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Holds in words, each with the way out of it. */
public final class HoldSentences {

  /** With times as JSON has them: {@code 2026-11-21T08:00:00Z}. */
  public static final HoldSentences UTC =
      new HoldSentences(time -> time.truncatedTo(ChronoUnit.SECONDS).toString());

  private static final int LONGEST_QUERY = 200;

  private final Function<Instant, String> times;
  private final Function<Instant, String> spans;

  /**
   * Sentences for a reader.
   *
   * @param times how a point in time is written for them
   */
  public HoldSentences(Function<Instant, String> times) {
    this(times, time -> "since " + times.apply(time));
  }

  private HoldSentences(Function<Instant, String> times, Function<Instant, String> spans) {
    this.times = times;
    this.spans = spans;
  }

  /** Sentences to be kept, with spans of time up to a moment: nobody knows who will read them. */
  public static HoldSentences asOf(Instant moment) {
    return new HoldSentences(
        UTC.times, begin -> "for %d s".formatted(Duration.between(begin, moment).toSeconds()));
  }

  /** The sentence, after the name of the update that it is about. */
  public String named(String database, Hold hold) {
    var sentence = of(database, hold);
    return hold.update() == null ? sentence : hold.update() + ": " + sentence;
  }

  /** The sentence without its subject where that is an update. */
  public String of(String database, Hold hold) {
    return switch (hold.kind()) {
      case UNREACHABLE -> hold.what() + ". See which databases answer with: databases";
      case EMPTY -> "Nothing is queued on '%s'. Queue a job with: start JOB".formatted(database);
      case NOT_QUEUED -> notQueued(database, hold);
      case READ_ONLY -> String.valueOf(hold.what());
      case NO_RUNNER ->
          "No process runs the updates%s. Start one with: run".formatted(lastRunner(hold));
      case RUNNER_FAILS ->
          hold.since() == null
              ? String.valueOf(hold.what())
              : "The last attempt to run the updates failed at %s: %s"
                  .formatted(time(hold.since()), hold.what());
      case DISABLED -> "Background updates are disabled. Enable them with: resume";
      case ALL_PAUSED -> "all updates are " + paused(hold, "");
      case PAUSED -> paused(hold, " " + hold.update());
      case UNDEFINED ->
          "Update '%s' is queued on '%s', but %s, or drop the update with: cancel %s"
              .formatted(
                  hold.update(),
                  database,
                  hold.what() == null
                      ? "no file in jobs/ defines it. Add the file back"
                      : hold.what() + " defines it no more. Add it there again",
                  hold.update());
      case BROKEN_FILE ->
          "Update '%s' is queued on '%s', but the file that defines it has %s: %s. Correct %s"
              .formatted(
                  hold.update(),
                  database,
                  hold.count() == 1 ? "a problem" : hold.count() + " problems, the first one",
                  hold.what(),
                  hold.count() == 1 ? "it" : "them; see all with: check " + hold.who());
      case DEFINITION_CHANGED ->
          "its definition has changed since its run began, %s. %s"
              .formatted(
                  hold.what(),
                  hold.count() == 0
                      ? "Put that back, or go on with the new one from there: retry %s --accept-change"
                          .formatted(hold.update())
                      : "A run cannot go on with that. Put it back, or begin a new run with: cancel %s, and start %s"
                          .formatted(hold.update(), hold.who()));
      case CYCLE ->
          "depends on itself: %s. Take one of them out with: cancel %s"
              .formatted(hold.what(), hold.update());
      case GIVEN_UP ->
          "given up after %s: %s. Once the cause is fixed: retry %s"
              .formatted(
                  hold.count() == 1 ? "a failure" : hold.count() + " failures in a row",
                  hold.what(),
                  hold.update());
      case DEPENDENCY -> "waits for '%s', which has to leave the queue first".formatted(hold.who());
      case OPERATOR -> "waits for: %s. All that takes long is done".formatted(hold.what());
      case BACKING_OFF ->
          "tries again in %d s%s: %s. Try it now with: retry %s"
              .formatted(
                  duration(hold).toSeconds() + 1,
                  hold.count() == 0 ? "" : " after failure " + hold.count(),
                  hold.what(),
                  hold.update());
      case TURN ->
          hold.who() == null
              ? "is about to start: the runner looks every half second"
              : "waits for its turn; '%1$s' goes first. Hold that with: pause %1$s"
                  .formatted(hold.who());
      case SLEEPING ->
          "The controller has held back %s since %s; it goes on when the controller lets it (the built-in one sleeps for undercurrent.background-updates.sleep-duration)"
              .formatted(
                  hold.count() < 2 ? "the next iteration" : "all %d lanes".formatted(hold.count()),
                  time(hold.since()));
      case WINDOW ->
          "runs only within %s; %s"
              .formatted(
                  hold.what(),
                  hold.until() == null
                      ? "these do not meet within the next days. Change one of them"
                      : "that is next at " + time(hold.until()));
      case BRAKE -> brake(hold);
      case LOCK_WAIT -> lockWait(hold);
      case OVERDUE ->
          "%shas committed nothing since %s, and the longest of its last iterations took %d ms. See what the server is waiting for with: SELECT pid, state, wait_event_type, wait_event, query FROM pg_stat_activity WHERE application_name LIKE 'undercurrent%%'"
              .formatted(
                  hold.who() == null ? "" : hold.who() + " ",
                  time(hold.since()),
                  duration(hold).toMillis());
      case MOVING -> moving(hold);
    };
  }

  private String notQueued(String database, Hold hold) {
    return "is not queued on '%s'%s%s%s"
        .formatted(
            database,
            hold.until() == null ? "" : "; it is queued again by itself at " + time(hold.until()),
            hold.who() == null ? "" : ". Queue it with: start " + hold.who(),
            hold.what() == null
                ? ""
                : ". Its last run was completed with a warning: " + hold.what());
  }

  private String lastRunner(Hold hold) {
    return hold.who() == null
        ? ""
        : "; %s did, and was last seen at %s".formatted(hold.who(), time(hold.since()));
  }

  private String paused(Hold hold, String subject) {
    return "paused by %s since %s%s%s. Lift it with: resume%s"
        .formatted(
            hold.who(),
            time(hold.since()),
            hold.until() == null ? "" : " until " + time(hold.until()),
            hold.what() == null ? "" : " (" + hold.what() + ")",
            subject);
  }

  private String brake(Hold hold) {
    var measure = Objects.requireNonNull(hold.measure());
    var said = measure.words() + (hold.what() == null ? "" : " (" + hold.what() + ")");
    return measure.value() == null
        ? "held since %s: %s. Mend that, or have it not matter with undercurrent.health.%s.if-unknown: go. See all signals with: health"
            .formatted(time(hold.since()), said, measure.signal())
        : "held since %s: %s; it holds above %s, and goes on at %s or less. See all signals with: health"
            .formatted(
                time(hold.since()),
                said,
                measure.unit().words(measure.threshold()),
                measure.unit().words(Measure.GO_ON_AT * measure.threshold()));
  }

  private String moving(Hold hold) {
    if (hold.what() != null) {
      return hold.what();
    }
    var lanes = hold.who() == null ? "" : hold.who() + ": ";
    return hold.since() == null
        ? lanes + "its first iteration since the last start is under way, or about to begin"
        : String.format(
            Locale.ROOT,
            "%siteration %,d took %,d ms and was committed at %s",
            lanes,
            hold.count(),
            duration(hold).toMillis(),
            time(hold.since()));
  }

  private String lockWait(Hold hold) {
    var blocker = Objects.requireNonNull(hold.blocker());
    return String.format(
            Locale.ROOT,
            "%s waited %.1f s for %s",
            whoHas(hold),
            duration(hold).toMillis() / 1000.0,
            lock(hold.what(), blocker))
        + (blocker.pid() == 0
            ? ". Find it in pg_prepared_xacts, and commit it or roll it back"
            : ". End that transaction, or its session with: SELECT pg_terminate_backend(%d)"
                .formatted(blocker.pid()));
  }

  private static String whoHas(Hold hold) {
    if (hold.count() > 0) {
      return hold.who() + (hold.count() == 1 ? " has" : " have");
    }
    return hold.who() == null ? "has" : hold.who() + " and has";
  }

  /**
   * What a session waits for and who is in the way.
   *
   * @param relation the table that the lock is on, or null if that is not known
   */
  public String lock(@Nullable String relation, Blocker blocker) {
    return "a lock%s, blocked by %s"
        .formatted(relation == null ? "" : " on " + relation, session(blocker));
  }

  private String session(Blocker blocker) {
    return blocker.pid() == 0
        ? "a prepared transaction"
        : "pid %d (%s as %s, %s%s), its last query: %s"
            .formatted(
                blocker.pid(),
                named(blocker.application(), "an unnamed application"),
                named(blocker.user(), "a role that is gone"),
                named(blocker.state(), "in a state that this role may not see"),
                blocker.since() == null
                    ? ""
                    : ", its transaction open " + spans.apply(blocker.since()),
                shortened(named(blocker.query(), "none")));
  }

  private static String named(@Nullable String text, String otherwise) {
    return text == null || text.isBlank() ? otherwise : text;
  }

  private static String shortened(String query) {
    var line = query.strip().replaceAll("\\s+", " ").replaceAll("[; ]+$", "");
    return line.length() > LONGEST_QUERY ? line.substring(0, LONGEST_QUERY) + " ..." : line;
  }

  private static Duration duration(Hold hold) {
    return Objects.requireNonNullElse(hold.time(), Duration.ZERO);
  }

  private String time(@Nullable Instant instant) {
    return instant == null ? "an unknown time" : times.apply(instant);
  }
}
