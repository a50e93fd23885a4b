package io.undercurrent.admin.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A gauge whose series come and go: what is not known any more, or is over, has none. */
final class ChangingGauge {

  private final MeterRegistry registry;
  private final String name;
  private final String description;
  private final @Nullable String unit;
  private final Map<Tags, Double> values = new ConcurrentHashMap<>();
  private final Map<Tags, Meter> meters = new HashMap<>();

  ChangingGauge(MeterRegistry registry, String name, String description, @Nullable String unit) {
    this.registry = registry;
    this.name = name;
    this.description = description;
    this.unit = unit;
  }

  /** Has these series, with these values, and no others. */
  synchronized void set(Map<Tags, Double> now) {
    values.putAll(now);
    now.keySet().forEach(tags -> meters.computeIfAbsent(tags, this::register));
    values.keySet().retainAll(now.keySet());
    meters
        .entrySet()
        .removeIf(
            meter -> {
              var gone = !now.containsKey(meter.getKey());
              if (gone) {
                registry.remove(meter.getValue());
              }
              return gone;
            });
  }

  private Meter register(Tags tags) {
    return Gauge.builder(name, () -> values.getOrDefault(tags, Double.NaN))
        .description(description)
        .baseUnit(unit)
        .tags(tags)
        .register(registry);
  }
}
