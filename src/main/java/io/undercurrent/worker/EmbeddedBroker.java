package io.undercurrent.worker;

import io.undercurrent.time.TimeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker in this process, for trying workers. It keeps requests in memory alone: one that is lost
 * is sent again. Where its port is taken, by the process that this one stands by for, it waits
 * until the port is free.
 */
final class EmbeddedBroker implements AutoCloseable {

  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final long MOST_BYTES = 16 << 20;

  private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);

  private final WorkersProperties properties;
  private final Path directory;
  private final TimeSource time;
  private final Thread thread = new Thread(this::run, "broker");
  private @Nullable EmbeddedActiveMQ server;
  private boolean closed;

  /**
   * A broker that has not begun.
   *
   * @param directory where it would keep what does not fit into memory
   */
  EmbeddedBroker(WorkersProperties properties, Path directory, TimeSource time) {
    this.properties = properties;
    this.directory = directory;
    this.time = time;
    thread.setDaemon(true);
  }

  EmbeddedBroker start() {
    thread.start();
    return this;
  }

  private void run() {
    String said = null;
    try {
      while (!tryToListen()) {
        var message =
            "The embedded broker waits for the port %d of %s, which another process has"
                .formatted(properties.embeddedPort(), properties.embeddedAddress());
        if (!message.equals(said)) {
          log.info(message);
          said = message;
        }
        time.sleep(LOOK);
      }
    } catch (InterruptedException e) {
      // It was closed.
    } catch (Exception e) {
      log.error("The embedded broker could not be started; workers get no slices", e);
    }
  }

  private synchronized boolean tryToListen() throws Exception {
    if (closed) {
      return true;
    }
    if (!isFree()) {
      return false;
    }
    server =
        new EmbeddedActiveMQ()
            .setConfiguration(configuration())
            .setSecurityManager(new OneUser(properties.user(), properties.password()))
            .start();
    log.info("The embedded broker listens at {}", properties.url());
    return true;
  }

  private boolean isFree() {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(properties.embeddedAddress(), properties.embeddedPort()));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private Configuration configuration() throws Exception {
    var files = directory.toString();
    return new ConfigurationImpl()
        .setName("undercurrent")
        .setPersistenceEnabled(false)
        .setJMXManagementEnabled(false)
        .setSecurityEnabled(properties.user() != null)
        .setBindingsDirectory(files)
        .setJournalDirectory(files)
        .setPagingDirectory(files)
        .setLargeMessagesDirectory(files)
        .addAcceptorConfiguration(
            "tcp",
            "tcp://%s:%d?protocols=CORE"
                .formatted(properties.embeddedAddress(), properties.embeddedPort()))
        .addAddressSetting(
            "#",
            new AddressSettings()
                .setDeadLetterAddress(SimpleString.of("undercurrent.dead"))
                .setExpiryAddress(SimpleString.of("undercurrent.dead"))
                .setMaxDeliveryAttempts(-1)
                .setMaxSizeBytes(MOST_BYTES)
                .setAddressFullMessagePolicy(AddressFullMessagePolicy.DROP));
  }

  @Override
  public void close() {
    thread.interrupt();
    synchronized (this) {
      closed = true;
      if (server != null) {
        try {
          server.stop();
        } catch (Exception e) {
          log.debug("The embedded broker did not stop properly", e);
        }
      }
    }
  }

  /** Lets the configured user in, and nobody else. */
  private record OneUser(@Nullable String name, @Nullable String password)
      implements ActiveMQSecurityManager {

    @Override
    public boolean validateUser(@Nullable String user, @Nullable String given) {
      return Objects.equals(user, name) && Objects.equals(given, password);
    }

    @Override
    public boolean validateUserAndRole(
        @Nullable String user, @Nullable String given, Set<Role> roles, CheckType check) {
      return validateUser(user, given);
    }
  }
}
