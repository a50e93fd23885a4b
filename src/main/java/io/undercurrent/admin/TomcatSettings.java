package io.undercurrent.admin;

import io.undercurrent.admin.http.RequestBody;
import io.undercurrent.admin.metrics.RequestMeter;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.CoyoteAdapter;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Where Tomcat listens, and its limits.
 *
 * <p>Set here and after Spring Boot's own, because {@code server.*} in an operator's environment
 * must not loosen them, and because Boot 4.0 has no properties for the protocol, the adapter and
 * the absence of error pages.
 */
final class TomcatSettings
    implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

  static final int MOST_CONNECTIONS = 200;

  /** How many more the operating system lets wait. */
  private static final int MOST_WAITING = 50;

  /** How long a sender may be silent in the middle of a request. */
  private static final Duration SILENCE = Duration.ofSeconds(5);

  private final AdminProperties properties;
  private final RequestMeter meter;

  TomcatSettings(AdminProperties properties, RequestMeter meter) {
    this.properties = properties;
    this.meter = meter;
  }

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.setAddress(properties.address());
    factory.setPort(properties.port());
    if (properties.sslBundle() != null) {
      factory.setSsl(Ssl.forBundle(properties.sslBundle()));
    }
    factory.addEngineValves(meter, new Routes());
    factory.addConnectorCustomizers(TomcatSettings::leaveNothingToTomcat);
    harden(factory);
  }

  private static void leaveNothingToTomcat(Connector connector) {
    connector.addLifecycleListener(
        event -> {
          if (event.getType().equals(Lifecycle.AFTER_INIT_EVENT)) {
            connector.getProtocolHandler().setAdapter(new AsteriskAsPath(connector));
          }
        });
  }

  /** Keeps some clients from shutting others out, and versions out of answers. */
  static void harden(TomcatServletWebServerFactory factory) {
    factory.setProtocol(TimeLimitedHttp.class.getName());
    factory.addContextCustomizers(TomcatSettings::dropErrorPages);
    factory.addConnectorCustomizers(TomcatSettings::limit);
  }

  /** They are HTML with a version in it; Boot adds one, and Tomcat another when it starts. */
  private static void dropErrorPages(Context context) {
    var host = (StandardHost) context.getParent();
    host.setErrorReportValveClass("");
    Stream.of(host.getPipeline().getValves())
        .filter(ErrorReportValve.class::isInstance)
        .forEach(host.getPipeline()::removeValve);
  }

  private static void limit(Connector connector) {
    connector.setMaxPostSize(RequestBody.MOST_BYTES);
    if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> protocol) {
      protocol.setMaxConnections(MOST_CONNECTIONS);
      protocol.setAcceptCount(MOST_WAITING);
      protocol.setMinSpareThreads(2);
      protocol.setConnectionTimeout((int) SILENCE.toMillis());
      protocol.setMaxSwallowSize(RequestBody.MOST_BYTES);
    }
  }

  /** After Boot's own. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  /**
   * Has {@code OPTIONS *} go the way of all requests: by itself Tomcat 11.0 answers it before any
   * valve, in other words than the reference's, and no setting changes that.
   */
  private static final class AsteriskAsPath extends CoyoteAdapter {

    AsteriskAsPath(Connector connector) {
      super(connector);
    }

    @Override
    public void service(Request request, Response response) throws Exception {
      if (request.requestURI().equals("*")) {
        request.requestURI().setString("/*");
      }
      super.service(request, response);
    }
  }
}
