package io.undercurrent.admin.metrics;

import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/**
 * Whether this process is alive, and whether it is ready.
 *
 * <p>Spring Boot's own events do not fit: it would become ready when {@code serve} returns, which
 * is when it ends.
 */
public final class Availability implements ApplicationListener<ContextClosedEvent>, Ordered {

  private volatile LivenessState liveness = LivenessState.CORRECT;
  private volatile boolean begun;
  private volatile boolean leaving;

  LivenessState liveness() {
    return liveness;
  }

  ReadinessState readiness() {
    return begun && !leaving ? ReadinessState.ACCEPTING_TRAFFIC : ReadinessState.REFUSING_TRAFFIC;
  }

  void runnersBegan() {
    begun = true;
  }

  /** Only a restart brings back what an error has ended. */
  void runnerBroke() {
    liveness = LivenessState.BROKEN;
  }

  /** Everything stops after this event. */
  @Override
  public void onApplicationEvent(ContextClosedEvent closed) {
    leaving = true;
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }
}
