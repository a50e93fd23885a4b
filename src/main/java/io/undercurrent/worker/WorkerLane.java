package io.undercurrent.worker;

import io.undercurrent.time.TimeSource;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one request after the other from the broker, and works on its slice. */
final class WorkerLane implements Runnable {

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(WorkerLane.class);

  private final Broker broker;
  private final BrokerReport report;
  private final Collection<String> databases;
  private final Intake intake;
  private final TimeSource time;
  private volatile boolean stopped;

  WorkerLane(
      Broker broker,
      BrokerReport report,
      Collection<String> databases,
      Intake intake,
      TimeSource time) {
    this.broker = broker;
    this.report = report;
    this.databases = databases;
    this.intake = intake;
    this.time = time;
  }

  synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  @Override
  public void run() {
    var backOff = PATIENCE;
    while (!stopped) {
      try (var connection = broker.connect()) {
        var consumer = broker.consumer(connection, databases);
        backOff = PATIENCE;
        report.connected();
        try {
          takeRequests(consumer);
        } finally {
          report.disconnected();
        }
      } catch (JMSRuntimeException e) {
        report.lost(Broker.words(e));
        backOff = rest(backOff);
      }
    }
  }

  private synchronized Duration rest(Duration backOff) {
    try {
      if (!stopped) {
        time.await(this, backOff);
      }
    } catch (InterruptedException e) {
      stopped = true;
    }
    var longer = backOff.multipliedBy(2);
    return longer.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : longer;
  }

  private void takeRequests(JMSConsumer consumer) {
    while (!stopped) {
      var message = consumer.receive(PATIENCE.toMillis());
      if (message != null) {
        take(message);
      }
    }
  }

  private void take(Message message) {
    var request = SliceRequest.of(text(message));
    if (request.isEmpty()) {
      log.warn("A message that is no request was dropped: {}", message);
    } else {
      try {
        intake.take(request.get(), () -> acknowledge(message));
      } catch (RuntimeException e) {
        log.error("{} was not worked on", request.get(), e);
      }
    }
    acknowledge(message);
  }

  private static @Nullable String text(Message message) {
    try {
      return message instanceof TextMessage text ? text.getText() : null;
    } catch (JMSException e) {
      return null;
    }
  }

  /** One that comes again is refused by the rows. */
  private static void acknowledge(Message message) {
    try {
      message.acknowledge();
    } catch (JMSException | JMSRuntimeException e) {
      log.debug("A request was not acknowledged", e);
    }
  }
}
