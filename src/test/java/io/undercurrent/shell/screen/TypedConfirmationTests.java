package io.undercurrent.shell.screen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.undercurrent.database.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jline.reader.LineReaderBuilder;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypedConfirmationTests {

  private static final String WARNING = "This takes fill_titles out of the queue of master.";

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  @Test
  void goesOnWhenTheNameIsTypedOut() {
    assertThatNoException().isThrownBy(() -> ask("fill_titles\r"));

    assertThat(shown.toString(UTF_8)).contains(WARNING).contains("Type fill_titles to go on: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r", "yes\r", "fill_title\r", "\u0003", "\u0004"})
  void changesNothingOtherwise(String keys) {
    assertThatThrownBy(() -> ask(keys))
        .cause()
        .isInstanceOf(RefusedException.class)
        .hasMessage("Nothing was changed.");
  }

  private void ask(String keys) throws Exception {
    try (var keyboard = new PipedOutputStream();
        var terminal =
            new ExternalTerminal("test", "ansi", new PipedInputStream(keyboard), shown, UTF_8)) {
      var reader = LineReaderBuilder.builder().terminal(terminal).build();
      var asked =
          CompletableFuture.runAsync(
              () -> new TypedConfirmation(reader).ask(WARNING, "fill_titles", "--yes"));
      await().until(() -> shown.toString(UTF_8).contains("to go on: "));
      keyboard.write(keys.getBytes(UTF_8));
      keyboard.flush();
      asked.get(1, TimeUnit.MINUTES);
    }
  }
}
