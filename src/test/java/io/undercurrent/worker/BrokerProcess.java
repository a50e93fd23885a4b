package io.undercurrent.worker;

import io.undercurrent.time.TimeSource;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process with nothing but a broker, for tests that kill it. */
final class BrokerProcess {

  private BrokerProcess() {}

  public static void main(String[] args) throws InterruptedException {
    var properties =
        new WorkersProperties(
            null,
            null,
            null,
            "undercurrent.slices",
            null,
            true,
            "127.0.0.1",
            Integer.parseInt(args[1]));
    try (var broker =
        new EmbeddedBroker(properties, Path.of(args[0], "broker"), TimeSource.SYSTEM).start()) {
      new CountDownLatch(1).await();
    }
  }
}
