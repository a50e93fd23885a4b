package io.undercurrent.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.undercurrent.controller.ChunkSize.Rule;
import io.undercurrent.pace.Pace;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControllerTests {

  private static final Duration TARGET = Duration.ofMillis(100);
  private static final OnUpdate AT_ONCE = (update, database, oneShot) -> () -> TARGET;

  @Test
  void beginsWithTheDefaultBatchSize() {
    assertThat(batchSize(controller(50, 10), Performance.NONE)).isEqualTo(50);
  }

  @Test
  void staysAtTheDefaultBatchSizeWhileNothingIsCounted() {
    var nothing = Performance.NONE.plus(0, Duration.ofMillis(20));

    assertThat(batchSize(controller(50, 10), nothing)).isEqualTo(50);
  }

  @ParameterizedTest
  @CsvSource({
    "2000, 100, 2000", // 20 items per ms for 100 ms
    "1999, 1000, 199", // cut off, not rounded
    "11, 100, 11", // just above the minimum
    "10, 100, 10", // the minimum itself
    "9, 100, 10", // below
    "100, 0, 10" // a rate of zero
  })
  void fitsTheTargetDurationAboveTheMinimum(long items, long ms, int expected) {
    var performance = Performance.NONE.plus(items, Duration.ofMillis(ms));

    assertThat(batchSize(controller(50, 10), performance)).isEqualTo(expected);
  }

  @Test
  void boundsAnAbsurdSize() {
    var performance = Performance.NONE.plus(Long.MAX_VALUE, Duration.ofNanos(1));

    assertThat(batchSize(controller(50, 10), performance)).isEqualTo(1 << 30);
  }

  @Test
  void asksOnlyForTheSizeItNeeds() {
    var counted = Performance.NONE.plus(100, Duration.ofMillis(10));

    assertThat(batchSize(controller(50, 0), Performance.NONE)).isEqualTo(50);
    assertThat(batchSize(controller(0, 10), counted)).isEqualTo(1000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void refusesADefaultBatchSizeBelowOne(int size) {
    assertThatIllegalStateException()
        .isThrownBy(() -> batchSize(controller(size, 10), Performance.NONE))
        .withMessage(
            "com.acme.Night: default_batch_size for update 'fill_titles' on 'master' must be at"
                + " least 1, got "
                + size);
  }

  @Test
  void refusesAMinBatchSizeBelowOne() {
    var counted = Performance.NONE.plus(100, Duration.ofMillis(10));

    assertThatIllegalStateException()
        .isThrownBy(() -> batchSize(controller(50, 0), counted))
        .withMessage(
            "com.acme.Night: min_batch_size for update 'fill_titles' on 'master' must be at least"
                + " 1, got 0");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -5})
  void refusesATargetDurationThatIsNotAboveZero(int ms) {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                controller(50, 10)
                    .chunkSize(
                        "fill_titles",
                        "master",
                        Performance.NONE,
                        Pace.UNKNOWN,
                        Duration.ofMillis(ms),
                        BatchSettings.NONE))
        .withMessage(
            "com.acme.Night: the target duration for update 'fill_titles' on 'master' must be"
                + " above 0, got %d ms",
            ms);
  }

  @Test
  void refusesATargetDurationOfAgesAgo() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                controller(50, 10)
                    .chunkSize(
                        "a",
                        "b",
                        Performance.NONE,
                        Pace.UNKNOWN,
                        Duration.ofSeconds(Long.MIN_VALUE),
                        BatchSettings.NONE))
        .withMessageContaining("must be above 0, got -9223372036854775808 ms");
  }

  @Test
  void saysWhoseBatchSizeHasFailed() {
    BatchSize broken =
        (update, database) -> {
          throw new NoClassDefFoundError("com/acme/Weekdays");
        };
    var controller =
        new Controller((update, database, oneShot) -> null, broken, broken, "com.acme.Night");

    assertThatIllegalStateException()
        .isThrownBy(() -> batchSize(controller, Performance.NONE))
        .withMessage(
            "com.acme.Night: default_batch_size failed for update 'fill_titles' on 'master':"
                + " java.lang.NoClassDefFoundError: com/acme/Weekdays");
  }

  @Test
  void hasAHundredAsBothSizesWithoutAModule() {
    var slow = Performance.NONE.plus(1, Duration.ofMillis(10));

    assertThat(batchSize(Controller.builtIn(), Performance.NONE)).isEqualTo(100);
    assertThat(batchSize(Controller.builtIn(), slow)).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({
    "1000,  50, 2000, PACE",
    "1000, 100, 1000, PACE",
    "1000,  10, 4000, GROWTH", // the pace allows 10,000
    "5,    100,  100, MINIMUM",
    "9000, 100, 5000, MAXIMUM"
  })
  void followsTheLatestChunks(long items, long ms, int expected, Rule rule) {
    var averages = Performance.NONE.plus(7, Duration.ofMillis(100));
    var settings = new BatchSettings(null, null, 5_000, null);

    var size =
        Controller.builtIn().chunkSize("a", "b", averages, chunk(items, ms), TARGET, settings);

    assertThat(size.items()).isEqualTo(expected);
    assertThat(size.rule()).isEqualTo(rule);
  }

  @Test
  void goesOnWithWhatAnotherRunHasLearnt() {
    var size =
        Controller.builtIn()
            .chunkSize("a", "b", Performance.NONE, chunk(500, 50), TARGET, BatchSettings.NONE);

    assertThat(size.items()).isEqualTo(1_000);
  }

  @Test
  void followsTheAveragesWhereTheReferencesRuleIsWanted() {
    var averages = Performance.NONE.plus(2_000, Duration.ofMillis(100));

    var size =
        controller(50, 10)
            .chunkSize("a", "b", averages, chunk(500, 100), TARGET, BatchSettings.NONE);

    assertThat(size).isEqualTo(new ChunkSize(2_000, Rule.AVERAGE, 100, 20));
  }

  private static Pace chunk(long items, long ms) {
    return Pace.UNKNOWN.plus(items, Duration.ofMillis(ms));
  }

  private static Controller controller(int defaultBatchSize, int minBatchSize) {
    return new Controller(
        AT_ONCE,
        (update, database) -> defaultBatchSize,
        (update, database) -> minBatchSize,
        "com.acme.Night",
        PaceRule.REFERENCE);
  }

  private static int batchSize(Controller controller, Performance performance) {
    return controller
        .chunkSize("fill_titles", "master", performance, Pace.UNKNOWN, TARGET, BatchSettings.NONE)
        .items();
  }
}
