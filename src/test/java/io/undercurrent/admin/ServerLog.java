package io.undercurrent.admin;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What the product's log would hold, which has more than that of the tests. */
final class ServerLog implements AutoCloseable {

  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Logger libraries = (Logger) LoggerFactory.getLogger("org");
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  ServerLog() {
    appender.start();
    root.addAppender(appender);
    libraries.addAppender(appender);
    libraries.setAdditive(false);
    libraries.setLevel(Level.INFO);
  }

  List<ILoggingEvent> events() {
    return List.copyOf(appender.list);
  }

  @Override
  public void close() {
    root.detachAppender(appender);
    libraries.detachAppender(appender);
    libraries.setAdditive(true);
    libraries.setLevel(null);
  }
}
