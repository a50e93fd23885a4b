package io.undercurrent.worker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that the broker is lost, and once that it is there again. */
final class BrokerReport {

  private static final Logger log = LoggerFactory.getLogger(Broker.class);

  private final String url;
  private @Nullable Boolean connected;

  BrokerReport(String url) {
    this.url = url;
  }

  synchronized void connected() {
    if (!Boolean.TRUE.equals(connected)) {
      log.info("Connected to the broker at {}", url);
      connected = true;
    }
  }

  synchronized void lost(String why) {
    if (!Boolean.FALSE.equals(connected)) {
      log.warn("The broker at {} cannot be reached, which is tried again: {}", url, why);
      connected = false;
    }
  }
}
