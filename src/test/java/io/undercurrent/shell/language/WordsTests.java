package io.undercurrent.shell.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class WordsTests {

  @Test
  void takesQuotesAway() {
    assertThat(Words.of("pause fill_titles --reason \"two words\" '3 4'"))
        .containsExactly("pause", "fill_titles", "--reason", "two words", "3 4");
    assertThat(Words.of("--reason \"don't\" don\\'t"))
        .containsExactly("--reason", "don't", "don't");
    assertThat(Words.of("  ")).isEmpty();
  }

  @Test
  void saysWhereAQuoteBeganThatIsNotClosed() {
    refuses("pause --reason \"the nightly backup", 16, '"', "\"the nightly backup");
    refuses("pause --reason 'one' 'two", 22, '\'', "'two");
    refuses("'it is 5\" long' don't", 20, '\'', "'t");
    refuses("\"", 1, '"', "\"");
  }

  private static void refuses(String line, int column, char quote, String rest) {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> Words.of(line))
        .withMessage(
            "column %d: expected another %2$s to close this quote, found none: %3$s. Close it, or write \\%2$s for the character itself"
                .formatted(column, quote, rest));
  }
}
