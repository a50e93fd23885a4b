package io.undercurrent.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.failure.FailurePolicy.Decision;
import io.undercurrent.failure.FailurePolicy.EndExecution;
import io.undercurrent.failure.FailurePolicy.Failure;
import io.undercurrent.failure.FailurePolicy.InPlace;
import io.undercurrent.failure.FailurePolicy.Narrow;
import io.undercurrent.failure.FailurePolicy.PutAside;
import io.undercurrent.failure.FailurePolicy.TryAgain;
import io.undercurrent.failure.FailurePolicy.TryLess;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandardPolicyTests {

  @ParameterizedTest
  @ValueSource(strings = {"40001", "40P01", "55P03", "08006", "25006", "53100", "53300"})
  void neverGivesUpForWhatPassesByItself(String sqlState) {
    assertThat(IntStream.of(1, 5, 100, 10_000).mapToObj(attempt -> after(sqlState, attempt, 1)))
        .allSatisfy(
            decision -> {
              var again = (InPlace) decision;
              assertThat(again.counts()).isFalse();
              assertThat(again.pause()).isBetween(Duration.ofMillis(50), Duration.ofSeconds(8));
            });
  }

  @Test
  void triesAChunkThatWaitedForALockTwiceBeforeItHalvesIt() {
    assertThat(after("55P03", 1, 100)).isInstanceOf(TryAgain.class);
    assertThat(after("55P03", 2, 100)).isInstanceOf(TryAgain.class);
    assertThat(after("55P03", 3, 100)).extracting("items").isEqualTo(50);
  }

  @Test
  void hasAQuarterAtOnceOfWhatTakesTooLong() {
    assertThat(((TryLess) after("57014", 1, 103)).items()).isEqualTo(25);
    assertThat(((TryLess) after("53200", 1, 4)).items()).isEqualTo(1);
  }

  @Test
  void hasAnEighthOfWhatStillTakesTooLong() {
    assertThat(((TryLess) after("57014", 2, 800)).items()).isEqualTo(100);
  }

  @Test
  void triesASingleRowFiveTimes() {
    assertThat(single("57014", 0, true)).isEqualTo(new TryAgain(Duration.ofSeconds(1), true));
    assertThat(single("57014", 3, true)).isEqualTo(new TryAgain(Duration.ofSeconds(8), true));
    assertThat(single("57014", 4, true)).isEqualTo(new PutAside());
    assertThat(single("57014", 4, false)).isEqualTo(new EndExecution(FailureKind.HOPELESS));
  }

  @Test
  void searchesTheRowThatDoesNotFit() {
    assertThat(after("22P02", 1, 2)).isEqualTo(new Narrow());
    assertThat(single("22P02", 0, true)).isEqualTo(new PutAside());
    assertThat(single("22P02", 0, false)).isEqualTo(new EndExecution(FailureKind.HOPELESS));
  }

  @Test
  void stopsAtOnceWhereNothingWillChange() {
    assertThat(after("42P01", 1, 100)).isEqualTo(new EndExecution(FailureKind.HOPELESS));
  }

  @Test
  void triesFiveTimesWhatItDoesNotKnow() {
    assertThat(after("XX000", 1, 100)).isEqualTo(new TryAgain(Duration.ofSeconds(1), true));
    assertThat(single("XX000", 4, false)).isEqualTo(new EndExecution(FailureKind.HOPELESS));
  }

  @Test
  void halvesAChunkThatLosesItsSessionEachTime() {
    assertThat(after("57P01", 2, 100)).isInstanceOf(TryAgain.class);
    assertThat(((TryLess) after("57P01", 3, 100)).items()).isEqualTo(50);
  }

  @Test
  void endsAnExecutionThatMayNotGoOn() {
    final class Lost extends IllegalStateException implements EndsExecution {}

    assertThat(FailurePolicy.STANDARD.after(new Failure(new Lost(), null, 1, 0, 100, false, false)))
        .isEqualTo(new EndExecution(FailureKind.PASSING));
  }

  private static Decision after(String sqlState, int attempt, int items) {
    return FailurePolicy.STANDARD.after(
        new Failure(new SQLException("no", sqlState), sqlState, attempt, 0, items, false, false));
  }

  private static Decision single(String sqlState, int counted, boolean quarantine) {
    return FailurePolicy.STANDARD.after(
        new Failure(
            new SQLException("no", sqlState), sqlState, counted + 1, counted, 1, true, quarantine));
  }
}
