package io.undercurrent.shell.view;

import io.undercurrent.shell.screen.Durations;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.status.DatabaseStatus.ProgressView;
import io.undercurrent.status.JobProgress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How far something is, in words: a range, with what it rests on. */
public final class ProgressText {

  /** A difference that is worth a word. */
  private static final double HELD_LONGER = 1.1;

  private ProgressText() {}

  public static String of(@Nullable ProgressView progress) {
    if (progress == null) {
      return "unknown";
    }
    var left = left(progress);
    return "%s%s: %s"
        .formatted(percent(progress), left.isEmpty() ? "" : ", " + left, progress.basis());
  }

  private static String percent(ProgressView progress) {
    var least = Numbers.percent(progress.percent());
    var most = Numbers.percent(progress.percentAtMost());
    return least.equals(most) ? least : least + " to " + most;
  }

  /** How far a job is: {@code update 6 of 13, about 4 m left for all}. */
  public static String ofJob(JobProgress job) {
    return "update %d of %d%s"
        .formatted(
            job.number(),
            job.of(),
            job.timeLeft() == null
                ? ""
                : ", about %s left for all".formatted(Durations.human(whole(job.timeLeft()))));
  }

  /** What the rest takes: {@code about 1 m 20 s left}; empty if nothing can be said. */
  static String left(ProgressView progress) {
    if (progress.timeLeft() == null || progress.timeLeftAtMost() == null) {
      return "";
    }
    var least = Durations.human(whole(progress.timeLeft()));
    var most = Durations.human(whole(progress.timeLeftAtMost()));
    var left =
        least.equals(most)
            ? "about %s left".formatted(least)
            : "about %s to %s left".formatted(least, most);
    return left + withHolds(progress);
  }

  /** What it takes if it is held as often as so far, where that is another figure. */
  private static String withHolds(ProgressView progress) {
    var most = progress.timeLeftAtMost();
    var held = progress.timeLeftWithHoldsAtMost();
    return most == null || held == null || held.toMillis() < HELD_LONGER * most.toMillis()
        ? ""
        : ", %s if held as so far".formatted(Durations.human(whole(held)));
  }

  /** A forecast is not known to a tenth of a second, nor a long one to a second. */
  private static Duration whole(Duration duration) {
    return duration.toMinutes() < 10 ? duration : Duration.ofMinutes(duration.toMinutes());
  }
}
