package io.undercurrent.admin.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

/** The meters of this process: what it is, whether it is well, and what it takes of the machine. */
public final class ProcessMeters implements AutoCloseable {

  private static final ClassPathResource BUILD =
      new ClassPathResource("META-INF/build-info.properties");
  private static final String UNKNOWN = "unknown";

  private final JvmGcMetrics collections = new JvmGcMetrics();

  public ProcessMeters(MeterRegistry registry, Availability availability) {
    var build = build();
    Gauge.builder("undercurrent.build.info", () -> 1)
        .description("Which Undercurrent this is; always 1")
        .tag("version", build.getProperty("build.version", UNKNOWN))
        .tag("commit", build.getProperty("build.commit", UNKNOWN))
        .register(registry);
    Gauge.builder(
            "undercurrent.live", () -> availability.liveness() == LivenessState.CORRECT ? 1 : 0)
        .description("0 once an error has ended a runner: restart the process")
        .register(registry);
    Gauge.builder(
            "undercurrent.ready",
            () -> availability.readiness() == ReadinessState.ACCEPTING_TRAFFIC ? 1 : 0)
        .description("1 from the begin of the runners until the process is told to end")
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    collections.bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
  }

  private static Properties build() {
    try {
      return BUILD.exists() ? PropertiesLoaderUtils.loadProperties(BUILD) : new Properties();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    collections.close();
  }
}
