package io.undercurrent.admin;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether and where the HTTP API is served.
 *
 * @param enabled whether the console serves it too; the verb serve always does
 * @param address the address of this machine to listen at
 * @param port the port to listen at; 0 takes a free one
 * @param sslBundle the bundle of spring.ssl.bundle to speak TLS with; plain HTTP without it
 * @param managementPort the port of liveness, readiness and metrics, on loopback only and without
 *     authentication; 0 takes a free one
 * @param homeserverTokens whether access tokens of the homeserver's admins are good here too
 */
@ConfigurationProperties(AdminProperties.PREFIX)
record AdminProperties(
    @DefaultValue("false") boolean enabled,
    @DefaultValue("127.0.0.1") InetAddress address,
    @DefaultValue("8009") int port,
    @Nullable String sslBundle,
    @DefaultValue("8010") int managementPort,
    @DefaultValue("false") boolean homeserverTokens) {

  static final String PREFIX = "undercurrent.admin";

  private static final int HIGHEST_PORT = 65_535;

  AdminProperties {
    requirePort("port", port);
    requirePort("management-port", managementPort);
    if (port != 0 && port == managementPort) {
      throw new IllegalArgumentException(
          "%s.management-port: expected another port than %s.port, got %d for both"
              .formatted(PREFIX, PREFIX, port));
    }
  }

  private static void requirePort(String name, int port) {
    if (port < 0 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException(
          "%s.%s: expected a port from 0 to %d, got %d"
              .formatted(PREFIX, name, HIGHEST_PORT, port));
    }
  }

  /** Whether tokens would cross a network in clear text. */
  boolean isOpenlyReadable() {
    return sslBundle == null && !address.isLoopbackAddress();
  }
}
