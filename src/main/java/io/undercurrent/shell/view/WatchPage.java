package io.undercurrent.shell.view;

import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.Drawing;
import io.undercurrent.shell.screen.Durations;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Tint;
import io.undercurrent.state.HoldSentences;
import io.undercurrent.state.UpdateState;
import io.undercurrent.status.DatabaseStatus;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import io.undercurrent.status.DatabaseStatus.ProgressView;
import io.undercurrent.status.Slice.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jspecify.annotations.Nullable;

/** What {@code watch} draws: all databases on one page, however small that is. */
public final class WatchPage {

  static final String KEYS = "p pause   r resume   q quit";

  private static final String INDENT = "  ";
  private static final String GAP = "   ";
  private static final int LONGEST_BAR = 30;
  private static final int FEW_REASON_LINES = 3;
  private static final int MOST_NOTE_LINES = 3;

  private final Screen screen;
  private final int width;
  private final int height;
  private final HoldSentences sentences;

  /**
   * A page.
   *
   * @param screen knows what can be shown
   * @param width in columns
   * @param height in lines
   * @param sentences says why nothing moves
   */
  public WatchPage(Screen screen, int width, int height, HoldSentences sentences) {
    this.screen = screen;
    this.width = width;
    this.height = height;
    this.sentences = sentences;
  }

  /**
   * Its lines, exactly as many as it is high.
   *
   * @param lastEnded how the last run of an idle database ended, if one ever did
   * @param time the time at which it holds
   * @param note what is to be said above the keys; empty for nothing
   */
  public List<AttributedString> lines(
      List<DatabaseStatus> statuses,
      Function<String, Optional<String>> lastEnded,
      String time,
      String note) {
    var top = List.of(title(statuses.size(), time), AttributedString.EMPTY);
    var bottom = bottom(note);
    var room = Math.max(0, height - top.size() - bottom.size());
    var lines = new ArrayList<>(top);
    lines.addAll(body(statuses, lastEnded, room));
    while (lines.size() < height - bottom.size()) {
      lines.add(AttributedString.EMPTY);
    }
    lines.addAll(bottom);
    return lines.subList(Math.max(0, lines.size() - height), lines.size());
  }

  private List<AttributedString> bottom(String note) {
    return Stream.concat(
            DescriptionList.wrapped(note, width).stream().limit(MOST_NOTE_LINES), Stream.of(KEYS))
        .map(this::plain)
        .toList();
  }

  private AttributedString title(int databases, String time) {
    var title = "Undercurrent, " + Numbers.of(databases, "database");
    var gap = width - title.length() - time.length();
    return plain(gap < 1 ? title : title + " ".repeat(gap) + time);
  }

  private List<AttributedString> body(
      List<DatabaseStatus> statuses, Function<String, Optional<String>> lastEnded, int room) {
    for (var reasonLines : List.of(Integer.MAX_VALUE, FEW_REASON_LINES)) {
      var blocks =
          statuses.stream()
              .flatMap(status -> block(status, lastEnded.apply(status.database()), reasonLines))
              .toList();
      if (blocks.size() <= room + 1) {
        return blocks.subList(0, Math.max(0, blocks.size() - 1));
      }
    }
    var briefly = statuses.stream().map(this::head).toList();
    if (briefly.size() <= room) {
      return briefly;
    }
    var shown = new ArrayList<>(briefly.subList(0, Math.max(0, room - 1)));
    shown.add(
        plain("and %d more; see one with --database".formatted(briefly.size() - shown.size())));
    return shown.subList(0, Math.min(room, shown.size()));
  }

  /** A database with all figures, and an empty line. */
  private Stream<AttributedString> block(
      DatabaseStatus status, Optional<String> lastEnded, int reasonLines) {
    var lines = new ArrayList<AttributedString>();
    lines.add(head(status));
    status.currentUpdates().forEach(current -> addFigures(lines, current));
    Stream.concat(why(status, sentences), lastEnded.stream())
        .flatMap(sentence -> reason(sentence, reasonLines))
        .map(INDENT::concat)
        .map(this::plain)
        .forEach(lines::add);
    lines.add(AttributedString.EMPTY);
    return lines.stream();
  }

  private static Stream<String> why(DatabaseStatus status, HoldSentences sentences) {
    return Stream.ofNullable(
        status.problem() == null ? status.reason(sentences) : status.problem());
  }

  private Stream<String> reason(String why, int most) {
    var room = width - INDENT.length();
    var lines = DescriptionList.wrapped(why, room);
    return lines.size() <= most
        ? lines.stream()
        : Stream.concat(
            lines.stream().limit(most - 1L),
            Stream.of(screen.cut(lines.get(most - 1) + " " + lines.get(most), room)));
  }

  /** The database, its state and its update, which is cut where there is no room. */
  private AttributedString head(DatabaseStatus status) {
    var state = state(status);
    var line = new AttributedStringBuilder();
    line.append(screen.cut(status.database(), width / 4)).append(GAP);
    line.append(state, screen.abilities().colours() ? tint(status).style() : Tint.NONE.style());
    status
        .currentUpdates()
        .forEach(current -> line.append(GAP).append(screen.cut(current.name(), room(line))));
    if (status.currentUpdates().isEmpty() && status.problem() == null) {
      line.append(GAP).append(queue(status));
    }
    return fitted(line);
  }

  private int room(AttributedStringBuilder line) {
    return Math.max(0, width - line.columnLength() - GAP.length());
  }

  public static String state(DatabaseStatus status) {
    if (status.problem() != null) {
      return "down";
    }
    return status.currentUpdates().stream()
        .map(current -> StatusLine.state(current.state()))
        .findFirst()
        .orElseGet(() -> status.enabled() ? "idle" : "disabled");
  }

  /** Whether the current update runs. */
  public static boolean isRunning(DatabaseStatus status) {
    return status.currentUpdates().stream()
        .anyMatch(current -> current.state() == UpdateState.RUNNING);
  }

  private static Tint tint(DatabaseStatus status) {
    if (status.problem() != null) {
      return Tint.FAILED;
    }
    return status.currentUpdates().stream()
        .map(current -> Tint.of(current.state()))
        .findFirst()
        .orElseGet(() -> status.enabled() ? Tint.NONE : Tint.HELD);
  }

  private static String queue(DatabaseStatus status) {
    return status.queued() == 0
        ? "nothing is queued"
        : Numbers.of(status.queued(), "update") + " queued";
  }

  private void addFigures(List<AttributedString> lines, CurrentUpdate current) {
    if (current.ofJob() != null) {
      lines.add(plain(INDENT + ProgressText.ofJob(current.ofJob())));
    }
    if (current.indexBuild() != null) {
      lines.add(plain(INDENT + StatusLine.phase(current.indexBuild())));
      return;
    }
    var progress = current.progress();
    var all = INDENT + done(progress) + StatusLine.items(current) + left(progress);
    // Time left is looked for first.
    lines.add(
        plain(
            Screen.columnsOf(all) <= width
                ? all
                : INDENT + done(progress) + CountText.items(current) + left(progress)));
    var pace =
        pace(current, Drawing.sparkline(current.recentIterations(), screen.unicode()))
            .filter(figure -> !figure.isEmpty())
            .collect(Collectors.joining(GAP));
    if (!pace.isEmpty()) {
      lines.add(plain(INDENT + pace));
    }
  }

  /** What is known of the pace, with something before the last duration. */
  private static Stream<String> pace(CurrentUpdate current, String recent) {
    return Stream.of(
            current.itemsPerMs() == null ? null : Numbers.perMs(current.itemsPerMs()),
            current.chunkSize() == null ? null : "chunk " + Numbers.grouped(current.chunkSize()),
            recent,
            lasted(current),
            lanes(current))
        .filter(Objects::nonNull);
  }

  private static @Nullable String lanes(CurrentUpdate current) {
    var run = current.work();
    return run.isCut()
        ? "%s, %d of %d slices done"
            .formatted(
                Numbers.of(Math.max(1, run.count(State.AT_WORK)), "lane"),
                run.count(State.DONE),
                run.slices().size())
        : null;
  }

  private String done(@Nullable ProgressView progress) {
    return progress == null
        ? ""
        : Drawing.progressBar(
                progress.percent(), Math.min(LONGEST_BAR, width / 3), screen.unicode())
            + "  "
            + Numbers.percent(progress.percent())
            + GAP;
  }

  private static String left(@Nullable ProgressView progress) {
    return progress == null || progress.timeLeftAtMost() == null
        ? ""
        : GAP + "about " + Durations.human(progress.timeLeftAtMost()) + " left";
  }

  private static @Nullable String lasted(CurrentUpdate current) {
    return current.lastIteration() == null ? null : Durations.human(current.lastIteration());
  }

  private AttributedString plain(String text) {
    return fitted(new AttributedStringBuilder().append(Screen.harmless(text)));
  }

  private AttributedString fitted(AttributedStringBuilder line) {
    return line.columnLength() <= width
        ? line.toAttributedString()
        : line.columnSubSequence(0, width);
  }

  /** The same for one database in a line, without a terminal. */
  public static String line(
      DatabaseStatus status, Optional<String> lastEnded, HoldSentences sentences) {
    var parts = new ArrayList<String>(List.of(status.database(), state(status)));
    for (var current : status.currentUpdates()) {
      var progress = current.progress();
      parts.add(current.name());
      if (progress != null) {
        parts.add(Numbers.percent(progress.percent()));
      }
      parts.add(
          current.indexBuild() == null
              ? StatusLine.items(current)
              : StatusLine.phase(current.indexBuild()));
      pace(current, "").filter(figure -> !figure.isEmpty()).forEach(parts::add);
      if (progress != null && progress.timeLeftAtMost() != null) {
        parts.add("about " + Durations.human(progress.timeLeftAtMost()) + " left");
      }
      if (current.ofJob() != null) {
        parts.add(ProgressText.ofJob(current.ofJob()));
      }
    }
    if (status.currentUpdates().isEmpty() && status.problem() == null) {
      parts.add(queue(status));
    }
    Stream.concat(why(status, sentences), lastEnded.stream()).forEach(parts::add);
    return Screen.harmless(String.join("  ", parts));
  }
}
