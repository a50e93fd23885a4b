package io.undercurrent.worker;

import io.undercurrent.time.TimeSource;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests from any thread; while the broker cannot be reached, it says so and sends none.
 */
final class RequestSender implements AutoCloseable {

  private static final Duration BACK_OFF = Duration.ofSeconds(5);

  private final Broker broker;
  private final BrokerReport report;
  private final TimeSource time;
  private @Nullable JMSContext connection;
  private @Nullable Long lostAt;

  RequestSender(Broker broker, TimeSource time) {
    this.broker = broker;
    this.report = new BrokerReport(broker.url());
    this.time = time;
  }

  /**
   * Sends one.
   *
   * @return whether the broker has it
   */
  synchronized boolean send(SliceRequest request) {
    if (lostAt != null && time.since(lostAt).compareTo(BACK_OFF) < 0) {
      return false;
    }
    try {
      broker.send(connection(), request);
      lostAt = null;
      return true;
    } catch (JMSRuntimeException e) {
      report.lost(Broker.words(e));
      close();
      lostAt = time.nanos();
      return false;
    }
  }

  private JMSContext connection() {
    var open = connection;
    if (open == null) {
      open = broker.connect();
      connection = open;
      report.connected();
    }
    return open;
  }

  @Override
  public synchronized void close() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (JMSRuntimeException e) {
      // It was lost anyway.
    } finally {
      connection = null;
    }
  }
}
