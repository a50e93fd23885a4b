package io.undercurrent.worker;

import io.undercurrent.database.Home;
import io.undercurrent.execution.Workers;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.lease.FencedPool;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.repository.JobRepository;

/** The workers that are reached by the configured broker. */
final class RemoteWorkers implements Workers {

  /** How long somebody who asks for problems is to wait. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final WorkersProperties properties;
  private final Home home;
  private final TimeSource time;
  private final Broker broker;
  private final RequestSender sender;
  private @Nullable EmbeddedBroker embedded;

  private RemoteWorkers(WorkersProperties properties, String url, Home home, TimeSource time) {
    this.properties = properties;
    this.home = home;
    this.time = time;
    this.broker = new Broker(url, properties.user(), properties.password(), properties.queue());
    this.sender = new RequestSender(broker, time);
  }

  /** Those of a configuration; nobody unless it names a broker. */
  static Workers of(WorkersProperties properties, Home home, TimeSource time) {
    var url = properties.url();
    return url == null ? Workers.NONE : new RemoteWorkers(properties, url, home, time);
  }

  @Override
  public synchronized void start() {
    if (properties.embedded() && embedded == null) {
      embedded = new EmbeddedBroker(properties, home.broker(), time).start();
    }
  }

  @Override
  public Optional<String> problem() {
    var answer = CompletableFuture.supplyAsync(() -> Optional.ofNullable(broker.problem()));
    try {
      return answer
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          .map(why -> "The broker at %s cannot be reached: %s".formatted(broker.url(), why));
    } catch (TimeoutException | ExecutionException e) {
      return Optional.of(
          "The broker at %s does not answer within %d s"
              .formatted(broker.url(), PATIENCE.toSeconds()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** What a server does alone, another machine's cores do not make faster. */
  @Override
  public Offers offers(
      FencedPool pool, JobRepository repository, QueuedUpdate update, DefinedUpdate defined) {
    if (defined.definition().work().beans().isEmpty()) {
      return Offers.NONE;
    }
    pool.transactions()
        .executeWithoutResult(status -> new WorkerTable(pool.client()).askAgain(update.name()));
    return new SlicesOnOffer(sender, pool, repository, update.name(), time);
  }

  @Override
  public synchronized void close() {
    sender.close();
    broker.close();
    if (embedded != null) {
      embedded.close();
      embedded = null;
    }
  }
}
