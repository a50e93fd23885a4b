package io.undercurrent.job;

import static java.util.stream.Collectors.joining;

import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.yaml.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which update waits for which. */
final class Dependencies {

  private final List<UpdateDefinition> updates;
  private final Map<String, UpdateDefinition> byName = new HashMap<>();

  Dependencies(List<UpdateDefinition> updates) {
    this.updates = updates;
    updates.forEach(update -> byName.putIfAbsent(update.name(), update));
  }

  /** Adds a problem for each cycle, at the first update that is part of it. */
  void refuseCycles(Problems problems) {
    var named = new HashSet<UpdateDefinition>();
    for (var update : updates) {
      var cycle = cycleFrom(update);
      if (cycle.stream().noneMatch(named::contains)) {
        cycle.stream().limit(1).forEach(first -> problems.add(first.line(), "%s", words(cycle)));
        named.addAll(cycle);
      }
    }
  }

  /** The way from an update back to itself; empty if there is none. */
  List<UpdateDefinition> cycleFrom(UpdateDefinition start) {
    var way = new ArrayList<UpdateDefinition>();
    for (@Nullable UpdateDefinition next = start;
        next != null && !way.contains(next);
        next = byName.get(next.dependsOn())) {
      way.add(next);
    }
    return start.name().equals(way.get(way.size() - 1).dependsOn()) ? way : List.of();
  }

  static String words(List<UpdateDefinition> cycle) {
    if (cycle.size() == 1) {
      return "update '%s' depends on itself".formatted(cycle.get(0).name());
    }
    var names =
        Stream.concat(cycle.stream(), cycle.stream().limit(1))
            .map(update -> "'" + update.name() + "'")
            .collect(joining(" -> "));
    return "dependency cycle: "
        + names
        + "; an update without 'depends-on' depends on the one before it";
  }
}
