package io.undercurrent.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DidYouMeanTests {

  private static final List<String> KNOWN = List.of("status", "start", "depends_on", "history");

  @Test
  void findsTheWordThatIsNearest() {
    assertThat(DidYouMean.nearest("depend_on", KNOWN)).hasValue("depends_on");
    assertThat(DidYouMean.nearest("stat", KNOWN)).hasValue("start");
    assertThat(DidYouMean.nearest("STATUS", KNOWN)).hasValue("status");
    assertThat(DidYouMean.nearest("hisotry", KNOWN)).hasValue("history");
  }

  @Test
  void findsNothingWhereNothingIsNear() {
    assertThat(DidYouMean.nearest("quit", KNOWN)).isEmpty();
    assertThat(DidYouMean.nearest("", KNOWN)).isEmpty();
    assertThat(DidYouMean.nearest("start", List.of())).isEmpty();
  }

  @Test
  void hintsOnlyWhereItHasAGuess() {
    assertThat(DidYouMean.hint("depend_on", KNOWN)).isEqualTo(", did you mean 'depends_on'?");
    assertThat(DidYouMean.hint("quit", KNOWN)).isEmpty();
  }
}
