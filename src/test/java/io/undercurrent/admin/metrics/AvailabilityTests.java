package io.undercurrent.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.boot.availability.ReadinessState.ACCEPTING_TRAFFIC;
import static org.springframework.boot.availability.ReadinessState.REFUSING_TRAFFIC;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.undercurrent.time.TimeSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.StaticApplicationContext;

class AvailabilityTests {

  private final Availability availability = new Availability();
  private final UpdateMetrics metrics =
      new UpdateMetrics(new SimpleMeterRegistry(), availability, "", TimeSource.SYSTEM);

  @Test
  void isReadyFromTheBeginOfTheRunnersUntilTheProcessLeaves() {
    assertThat(availability.readiness()).isEqualTo(REFUSING_TRAFFIC);
    metrics.began("master");
    assertThat(availability.readiness()).isEqualTo(ACCEPTING_TRAFFIC);

    availability.onApplicationEvent(new ContextClosedEvent(new StaticApplicationContext()));
    metrics.began("stats");

    assertThat(availability.readiness()).isEqualTo(REFUSING_TRAFFIC);
  }

  @Test
  void isAliveUntilAnErrorEndsARunner() {
    metrics.began("master");
    metrics.ended("master", true);
    assertThat(availability.liveness()).isEqualTo(LivenessState.CORRECT);

    metrics.ended("stats", false);

    assertThat(availability.liveness()).isEqualTo(LivenessState.BROKEN);
  }
}
