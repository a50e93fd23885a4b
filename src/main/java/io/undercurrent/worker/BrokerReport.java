package io.undercurrent.worker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many connections to the broker there are; says once that it is lost, and that it is back. */
final class BrokerReport {

  private static final Logger log = LoggerFactory.getLogger(Broker.class);

  private final String url;
  private int connections;
  private @Nullable Boolean reached;

  BrokerReport(String url) {
    this.url = url;
  }

  /** There is one more. */
  synchronized void connected() {
    connections++;
    if (!Boolean.TRUE.equals(reached)) {
      log.info("Connected to the broker at {}", url);
      reached = true;
    }
  }

  /** There is one less. */
  synchronized void disconnected() {
    connections--;
  }

  /** One was lost, or could not be opened. */
  synchronized void lost(String why) {
    if (!Boolean.FALSE.equals(reached)) {
      log.warn("The broker at {} cannot be reached, which is tried again: {}", url, why);
      reached = false;
    }
  }

  synchronized int connections() {
    return connections;
  }
}
