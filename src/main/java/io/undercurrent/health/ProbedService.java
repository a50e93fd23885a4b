package io.undercurrent.health;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP probe asks.
 *
 * @param request what it sends
 * @param timeout how long the whole answer may take
 */
record ProbedService(HttpRequest request, Duration timeout) {

  private static final String PREFIX = "undercurrent.health.http-probe.";

  /** Asks the service that is configured, and no other that it names. */
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().followRedirects(Redirect.NEVER).build();

  static ProbedService of(HttpProbe.Properties configured) {
    if (configured.timeout().isZero() || configured.timeout().isNegative()) {
      throw new IllegalArgumentException(
          PREFIX
              + "timeout: expected a duration above 0, got %dms"
                  .formatted(configured.timeout().toMillis()));
    }
    var request = HttpRequest.newBuilder(uri(configured.url() + "")).timeout(configured.timeout());
    if (configured.header() != null) {
      header(request, configured.header());
    }
    return new ProbedService(request.GET().build(), configured.timeout());
  }

  private static URI uri(String url) {
    try {
      var uri = URI.create(url.strip());
      if (List.of("http", "https").contains(uri.getScheme() + "") && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new IllegalArgumentException(
        PREFIX + "url: expected a URL that begins with http:// or https://, got another text");
  }

  /** What it is stays unsaid: it may be a secret. */
  private static void header(HttpRequest.Builder request, String header) {
    var colon = header.indexOf(':');
    try {
      request.header(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          PREFIX + "header: expected the form 'Name: value', got another text");
    }
  }

  /** Asks it; what is wrong is a reading as well. */
  CompletableFuture<Reading> ask(Limits limits) {
    return CLIENT
        .sendAsync(request, answer -> new Beginning())
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .<Reading>thenApply(answer -> reading(answer, limits))
        .exceptionally(this::unknown);
  }

  private Reading reading(HttpResponse<String> answer, Limits limits) {
    var status = answer.statusCode();
    if (status >= 200 && status < 300) {
      return new Reading.Value(number(answer.body()), null, null);
    }
    var detail = status >= 300 && status < 400 ? ", and redirects are not followed" : "";
    return new Reading.Value(above(limits), null, "it answered " + status + detail);
  }

  private static double number(String body) {
    try {
      var number = Double.parseDouble(body.strip());
      return Double.isFinite(number) ? number : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Enough to hold, and not to pause for good. */
  private static double above(Limits limits) {
    var hold = limits.hold() == null ? 0 : limits.hold();
    return limits.critical() == null ? hold + 1 : Math.min(hold + 1, limits.critical());
  }

  private Reading unknown(Throwable failure) {
    var cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    var words =
        cause instanceof TimeoutException || cause instanceof HttpTimeoutException
            ? "no answer within %d ms".formatted(timeout.toMillis())
            : cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new Reading.Unknown("%s: %s".formatted(request.uri().getHost(), words));
  }

  /** Takes the beginning of a body: what is longer is no number. */
  private static final class Beginning implements BodySubscriber<String> {

    private static final int LONGEST = 1024;

    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final CompletableFuture<String> body = new CompletableFuture<>();
    private @Nullable Subscription subscription;

    @Override
    public CompletionStage<String> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      this.subscription = subscription;
      subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
      for (var part : parts) {
        var bytes = new byte[Math.min(part.remaining(), LONGEST + 1 - taken.size())];
        part.get(bytes);
        taken.writeBytes(bytes);
      }
      if (subscription == null) {
        return;
      }
      if (taken.size() > LONGEST) {
        subscription.cancel();
        onComplete();
      } else {
        subscription.request(1);
      }
    }

    @Override
    public void onError(Throwable failure) {
      body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      body.complete(taken.size() > LONGEST ? "" : taken.toString(UTF_8));
    }
  }
}
