package io.undercurrent.worker;

import io.undercurrent.database.RefusedException;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import java.time.Duration;
import java.util.Collection;
import java.util.stream.Collectors;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.jspecify.annotations.Nullable;

/** The broker that takes requests for slices from runners to workers; none is sure to arrive. */
final class Broker implements AutoCloseable {

  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofSeconds(15);

  /** The property of a message that says which database it is about. */
  private static final String DATABASE = "database";

  private final ActiveMQConnectionFactory factory;
  private final String url;
  private final String queue;

  /**
   * A broker, to which nothing connects yet.
   *
   * @throws RefusedException if the URL cannot be used
   */
  Broker(String url, @Nullable String user, @Nullable String password, String queue) {
    this.url = withoutSecrets(url);
    this.queue = queue;
    try {
      this.factory = new ActiveMQConnectionFactory(url, user, password);
    } catch (RuntimeException e) {
      throw new RefusedException(
          "%s.broker-url: expected the URL of a broker, such as tcp://broker:61616, got '%s' (%s)"
              .formatted(WorkersProperties.PREFIX, this.url, e.getMessage()),
          e);
    }
    for (var server : factory.getStaticConnectors()) {
      server
          .getParams()
          .putIfAbsent(TransportConstants.NETTY_CONNECT_TIMEOUT, (int) ANSWER.toMillis());
    }
    // What lies in one worker's buffer is lost to the others, and counts as delivered to it.
    factory.setConsumerWindowSize(0);
    // A connection that dies is an exception: the caller says so, and tries again.
    factory.setReconnectAttempts(0);
    factory.setInitialConnectAttempts(1);
    factory.setCallTimeout(ANSWER.toMillis());
    factory.setConnectionTTL(SILENCE.toMillis());
    factory.setClientFailureCheckPeriod(SILENCE.toMillis());
    factory.setBlockOnNonDurableSend(true);
    factory.setUseTopologyForLoadBalancing(false);
  }

  /** What follows the servers' names may contain passwords, as for keys of TLS. */
  static String withoutSecrets(String url) {
    return url.replaceAll("[?;][^,)]*", "").replaceAll("//[^/@,)]*@", "//");
  }

  /** The URL, for messages. */
  String url() {
    return url;
  }

  /**
   * Opens a connection, on which one thread may work.
   *
   * @throws JMSRuntimeException if that fails
   */
  JMSContext connect() {
    return factory.createContext(JMSContext.CLIENT_ACKNOWLEDGE);
  }

  /** Sends a request. It need not survive the broker: the rows say what there is to do. */
  void send(JMSContext connection, SliceRequest request) {
    connection
        .createProducer()
        .setDeliveryMode(DeliveryMode.NON_PERSISTENT)
        .setProperty(DATABASE, request.database())
        .send(connection.createQueue(queue), request.text());
  }

  /** Takes requests for these databases. */
  JMSConsumer consumer(JMSContext connection, Collection<String> databases) {
    var names =
        databases.stream()
            .map(name -> "'" + name.replace("'", "''") + "'")
            .collect(Collectors.joining(", "));
    return connection.createConsumer(
        connection.createQueue(queue), "%s IN (%s)".formatted(DATABASE, names));
  }

  /**
   * Connects and leaves again.
   *
   * @return why that failed, or null if it did not
   */
  @Nullable String problem() {
    try (var connection = connect()) {
      connection.start();
      return null;
    } catch (JMSRuntimeException e) {
      return words(e);
    }
  }

  /** What went wrong, in a clause. */
  static String words(JMSRuntimeException failure) {
    var cause = failure.getCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause == null ? failure.getMessage() : cause.getMessage());
  }

  @Override
  public void close() {
    factory.close();
  }
}
