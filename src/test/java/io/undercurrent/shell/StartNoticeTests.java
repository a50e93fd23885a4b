package io.undercurrent.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.undercurrent.shell.screen.RecordedScreen;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.event.ApplicationStartingEvent;

class StartNoticeTests {

  private static final SpringApplication APPLICATION = new SpringApplication();
  private static final String[] NO_ARGUMENTS = {};
  private static final ApplicationStartingEvent STARTING =
      new ApplicationStartingEvent(new DefaultBootstrapContext(), APPLICATION, NO_ARGUMENTS);

  @Test
  void saysThatUndercurrentStartsUntilItHasOrHasNot() {
    var recorded = new RecordedScreen().live();
    var notice = new StartNotice(recorded.screen());

    notice.onApplicationEvent(STARTING);

    await()
        .untilAsserted(
            () -> assertThat(recorded.err()).containsPattern("Starting Undercurrent \\d+ s"));
    notice.onApplicationEvent(
        new ApplicationFailedEvent(APPLICATION, NO_ARGUMENTS, null, new IllegalStateException()));
    assertThat(recorded.err()).endsWith(" \r");
  }
}
