package io.undercurrent.history;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run has spent its time on since it was first executed.
 *
 * @param parts by activity as in {@code undercurrent.run_times}, in the order in which to show them
 */
public record RunTimes(Map<String, Duration> parts) {

  private static final String HELD = "held:";

  private static final Comparator<Map.Entry<String, Duration>> ORDER =
      Comparator.comparing((Map.Entry<String, Duration> part) -> Use.of(part.getKey()))
          .thenComparing(Map.Entry.comparingByValue(Comparator.reverseOrder()))
          .thenComparing(Map.Entry.comparingByKey());

  public RunTimes {
    var ordered = new LinkedHashMap<String, Duration>();
    parts.entrySet().stream()
        .filter(part -> part.getValue().toMillis() > 0)
        .sorted(ORDER)
        .forEach(part -> ordered.put(part.getKey(), part.getValue()));
    parts = ordered;
  }

  /** Of milliseconds by activity, as JSON; null of none. */
  public static @Nullable RunTimes of(@Nullable String json) {
    if (json == null) {
      return null;
    }
    var parts = new LinkedHashMap<String, Duration>();
    JsonMapper.shared()
        .readTree(json)
        .properties()
        .forEach(part -> parts.put(part.getKey(), Duration.ofMillis(part.getValue().asLong(0))));
    return new RunTimes(parts);
  }

  /** The same with more of something. */
  public RunTimes with(String activity, Duration more) {
    var all = new LinkedHashMap<>(parts);
    all.merge(activity, more, Duration::plus);
    return new RunTimes(all);
  }

  /** All of it: from the first execution to the end, or to now. */
  public Duration all() {
    return parts.values().stream().reduce(Duration.ZERO, Duration::plus);
  }

  /** What was spent on something. */
  public Duration on(Use... uses) {
    return parts.entrySet().stream()
        .filter(part -> Arrays.asList(uses).contains(Use.of(part.getKey())))
        .map(Map.Entry::getValue)
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** Whether an activity is that the database's health holds an execution. */
  public static boolean isBraked(String activity) {
    return activity.startsWith(HELD);
  }

  /** For how long the database's health has held an execution. */
  public Duration braked() {
    return parts.entrySet().stream()
        .filter(part -> isBraked(part.getKey()))
        .map(Map.Entry::getValue)
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** An activity as people read it: {@code worked}, {@code held by slots}. */
  public static String words(String activity) {
    return switch (Use.of(activity)) {
      case HELD ->
          activity.startsWith(HELD)
              ? "held by " + activity.substring(HELD.length())
              : "outside its window";
      case WAITED -> "waited (" + activity + ")";
      case PAUSED -> activity;
      case WORKED, SLEPT, BACKED_OFF, NO_RUNNER, UNKNOWN -> Use.of(activity).words();
    };
  }

  /** Sorts of activities, in the order in which to show them. */
  public enum Use {
    /** It was in an iteration, or got ready for one. */
    WORKED("worked"),
    /** The controller had it sleep. */
    SLEPT("slept"),
    /** The database's health held it, or a time window did. */
    HELD("held"),
    /** It waited before it was tried again. */
    BACKED_OFF("backed off"),
    /** An operator had paused it, or switched updates off. */
    PAUSED("paused"),
    /** It waited for others: for its turn, for an update before it, for an operator. */
    WAITED("waited"),
    /** No process ran the updates. */
    NO_RUNNER("no runner"),
    /** An older version did not count it. */
    UNKNOWN("unknown");

    private final String words;

    Use(String words) {
      this.words = words;
    }

    /** As people read it. */
    public String words() {
      return words;
    }

    /** The sort of an activity. */
    public static Use of(String activity) {
      return switch (activity) {
        case "working" -> WORKED;
        case "sleeping" -> SLEPT;
        case "window" -> HELD;
        case "backing-off" -> BACKED_OFF;
        case "paused", "disabled" -> PAUSED;
        case "no-runner" -> NO_RUNNER;
        case "unknown" -> UNKNOWN;
        default -> activity.startsWith(RunTimes.HELD) ? HELD : WAITED;
      };
    }
  }
}
