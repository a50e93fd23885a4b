package io.undercurrent.worker;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How runners and workers of several machines find each other.
 *
 * @param brokerUrl the URL of an ActiveMQ Artemis broker, such as {@code tcp://broker:61616}; none
 *     unless embedded
 * @param user the broker's user
 * @param password the user's password
 * @param queue the name of the queue there; installations that share a broker have one each
 * @param lanes how many slices a worker works on at the same time; as many as it has processors
 *     without it
 * @param embedded whether a process that runs updates starts a broker of its own, for trying it
 * @param embeddedAddress the address of this machine that the embedded broker listens at
 * @param embeddedPort the port that it listens at
 */
@ConfigurationProperties(WorkersProperties.PREFIX)
record WorkersProperties(
    @Nullable String brokerUrl,
    @Nullable String user,
    @Nullable String password,
    @DefaultValue("undercurrent.slices") String queue,
    @Nullable Integer lanes,
    @DefaultValue("false") boolean embedded,
    @DefaultValue("127.0.0.1") String embeddedAddress,
    @DefaultValue("61616") int embeddedPort) {

  static final String PREFIX = "undercurrent.workers";

  private static final int MOST_LANES = 32;
  private static final int HIGHEST_PORT = 65_535;

  WorkersProperties {
    brokerUrl = brokerUrl == null || brokerUrl.isBlank() ? null : brokerUrl.strip();
    if (brokerUrl != null && !brokerUrl.matches("\\(?tcp://.+")) {
      throw new IllegalArgumentException(
          "%s.broker-url: expected a URL that begins with tcp://, got '%s'"
              .formatted(PREFIX, Broker.withoutSecrets(brokerUrl)));
    }
    if (lanes != null && (lanes < 1 || lanes > MOST_LANES)) {
      throw new IllegalArgumentException(
          "%s.lanes: expected a number from 1 to %d, got %d".formatted(PREFIX, MOST_LANES, lanes));
    }
    if (embeddedPort < 1 || embeddedPort > HIGHEST_PORT) {
      throw new IllegalArgumentException(
          "%s.embedded-port: expected a port from 1 to %d, got %d"
              .formatted(PREFIX, HIGHEST_PORT, embeddedPort));
    }
    if (queue.isBlank()) {
      throw new IllegalArgumentException(
          "%s.queue: expected the name of a queue, got nothing".formatted(PREFIX));
    }
    if (password != null && user == null) {
      throw new IllegalArgumentException(
          "%s.user: expected the user of the password, got nothing".formatted(PREFIX));
    }
  }

  /** The broker to talk to, or null if workers are not configured. */
  @Nullable String url() {
    if (brokerUrl != null) {
      return brokerUrl;
    }
    return embedded ? "tcp://%s:%d".formatted(reachable(), embeddedPort) : null;
  }

  private String reachable() {
    return embeddedAddress.equals("0.0.0.0") ? "127.0.0.1" : embeddedAddress;
  }

  int lanesOr(int processors) {
    return lanes == null ? Math.min(processors, MOST_LANES) : lanes;
  }
}
