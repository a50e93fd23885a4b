package io.undercurrent.shell.screen;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Says what there is to wait for, once it takes longer than a second. */
public final class WaitNotice implements AutoCloseable {

  private static final Duration SILENT = Duration.ofSeconds(1);

  private final ProgressLine line;
  private final Clock clock;
  private final Instant began;
  private final Ticker ticker = new Ticker("patience");
  private volatile String reason;

  public WaitNotice(Screen screen, Clock clock, String reason) {
    this(screen, clock, reason, clock.instant());
  }

  /**
   * For a wait that has begun already.
   *
   * @param began when
   */
  public WaitNotice(Screen screen, Clock clock, String reason, Instant began) {
    this.line = new ProgressLine(screen, clock);
    this.clock = clock;
    this.began = began;
    this.reason = reason;
    var rest = SILENT.minus(Duration.between(began, clock.instant()));
    ticker.every(SILENT, rest.isNegative() ? Duration.ZERO : rest, this::tell);
  }

  /** Gives another reason to wait from now on. */
  public void because(String reason) {
    this.reason = reason;
  }

  private void tell() {
    var waited = Duration.between(began, clock.instant());
    line.show("%s %d s".formatted(reason, waited.toSeconds()));
  }

  @Override
  public void close() {
    ticker.close();
    line.clear();
  }
}
