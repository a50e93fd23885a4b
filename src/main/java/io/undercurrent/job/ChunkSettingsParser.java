package io.undercurrent.job;

import io.undercurrent.controller.BatchSettings;
import io.undercurrent.failure.QuarantineLimit;
import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what an update of a job file says about its chunks, and about rows that do not fit. */
final class ChunkSettingsParser {

  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?) ?%");
  private static final BigDecimal ALL = BigDecimal.valueOf(100);

  private ChunkSettingsParser() {}

  static BatchSettings batch(Value value) {
    return value.section(JobShape.BATCH).map(ChunkSettingsParser::batch).orElse(BatchSettings.NONE);
  }

  private static BatchSettings batch(Section batch) {
    var first = size(batch, "first");
    var min = size(batch, "min");
    var max = size(batch, "max");
    for (var key : List.of("first", "min")) {
      var size = key.equals("first") ? first : min;
      if (size.isPresent() && max.isPresent() && size.get() > max.get()) {
        batch.problemAt(
            key, "expected '%s' to be at most 'max', found %d and %d", key, size.get(), max.get());
      }
    }
    Optional<Duration> target = batch.value("target").flatMap(Value::timeout);
    return new BatchSettings(
        first.orElse(null), min.orElse(null), max.orElse(null), target.orElse(null));
  }

  private static Optional<Integer> size(Section section, String key) {
    return section
        .value(key)
        .flatMap(value -> value.parsed("a number of 1 or more", ChunkSettingsParser::size));
  }

  private static Integer size(String text) {
    var size = Integer.valueOf(text);
    if (size < 1) {
      throw new IllegalArgumentException(text);
    }
    return size;
  }

  static Optional<QuarantineLimit> quarantine(Value value) {
    return value
        .section(JobShape.ON_ERROR)
        .flatMap(onError -> onError.value("quarantine"))
        .flatMap(quarantine -> quarantine.section(JobShape.QUARANTINE))
        .flatMap(ChunkSettingsParser::limit);
  }

  private static Optional<QuarantineLimit> limit(Section quarantine) {
    var rows = size(quarantine, "rows");
    var share =
        quarantine
            .value("share")
            .flatMap(
                value -> value.parsed("a share such as 1 % or 0.5 %", ChunkSettingsParser::share));
    if (!quarantine.has("rows") && !quarantine.has("share")) {
      quarantine.problem("missing key 'rows' or 'share': how many rows may be put aside");
    }
    return rows.isEmpty() && share.isEmpty()
        ? Optional.empty()
        : Optional.of(new QuarantineLimit(rows.orElse(null), share.orElse(null)));
  }

  private static BigDecimal share(String text) {
    var percent = PERCENT.matcher(text);
    if (!percent.matches()) {
      throw new IllegalArgumentException(text);
    }
    var share = new BigDecimal(percent.group(1));
    if (share.signum() == 0 || share.compareTo(ALL) > 0) {
      throw new IllegalArgumentException(text);
    }
    return share;
  }
}
