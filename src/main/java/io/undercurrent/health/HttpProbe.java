package io.undercurrent.health;

import io.undercurrent.health.SignalProperties.IfUnknown;
import io.undercurrent.state.Measure.Unit;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * An HTTP service of the operator's: the number in the body of a 2xx answer, 0 if there is none;
 * any other answer is above the threshold. A look does not wait for a slow answer, but for the
 * first one: it then has the one before.
 */
final class HttpProbe implements Signal {

  static final String NAME = "http-probe";

  private static final Limits OFF = new Limits(null, null, Duration.ZERO, true, Unit.COUNT);
  private static final Limits OWN = new Limits(0.0, null, Duration.ZERO, true, Unit.COUNT);

  /** How long looks wait: the first one has nothing else to say. */
  private static final Duration FIRST_PATIENCE = Duration.ofSeconds(2);

  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final Limits limits;
  private final @Nullable ProbedService service;
  private @Nullable CompletableFuture<Reading> asked;
  private @Nullable Reading last;

  private HttpProbe(Limits limits, @Nullable ProbedService service) {
    this.limits = limits;
    this.service = service;
  }

  /**
   * What is configured of it.
   *
   * @param url the service, which is asked with GET
   * @param header a header of the request, such as {@code Authorization: Bearer abc}
   * @param timeout how long an answer may take
   * @param hold above it, no iteration begins: a number, {@code 0} if it is left out, or {@code
   *     off}
   * @param critical above it, the update is paused for good; a number, or {@code off}
   * @param backOff how long it holds at least
   * @param ifUnknown what becomes of updates once it could not be read for {@code
   *     undercurrent.health.unknown-after}
   */
  record Properties(
      @Nullable String url,
      @Nullable String header,
      @DefaultValue("2s") Duration timeout,
      @Nullable String hold,
      @Nullable String critical,
      @Nullable Duration backOff,
      @Nullable IfUnknown ifUnknown) {}

  /**
   * That of a configuration.
   *
   * @throws IllegalArgumentException if the URL or the header is none
   */
  static HttpProbe of(@Nullable Properties configured) {
    if (configured == null || configured.url == null || configured.url.isBlank()) {
      return new HttpProbe(OFF, null);
    }
    var signal =
        new SignalProperties(
            configured.hold, configured.critical, configured.backOff, configured.ifUnknown);
    return new HttpProbe(signal.or(NAME, OWN), ProbedService.of(configured));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Limits limits() {
    return limits;
  }

  @Override
  public Reading look(Look look) {
    if (service == null) {
      return new Reading.Nothing("undercurrent.health.http-probe.url is not set");
    }
    var asking = asked == null || asked.isDone() ? service.ask(limits) : asked;
    asked = asking;
    var patience = last == null ? FIRST_PATIENCE : PATIENCE;
    try {
      last = asking.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // the answer before it counts
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return last == null ? new Reading.Unknown("it has not answered yet") : last;
  }
}
