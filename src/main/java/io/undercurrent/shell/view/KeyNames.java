package io.undercurrent.shell.view;

import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.status.UpdateDetail;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives the parts of a position the names of the key's columns. */
public final class KeyNames {

  private KeyNames() {}

  /** The parts by name, in the key's order; by number if the definition has another key now. */
  public static Map<String, String> of(UpdateDetail detail, List<String> position) {
    var work = detail.expansion() == null ? null : detail.expansion().work();
    return work != null && work.fields().get("key") instanceof List<?> names
        ? of(names.stream().map(String::valueOf).toList(), position)
        : of(detail.defined(), position);
  }

  /** The same for an update that a job file may define. */
  public static Map<String, String> of(@Nullable DefinedUpdate defined, List<String> position) {
    var names = defined == null ? List.<String>of() : defined.definition().work().key();
    return of(names, position);
  }

  private static Map<String, String> of(List<String> names, List<String> position) {
    var parts = new LinkedHashMap<String, String>();
    for (var i = 0; i < position.size(); i++) {
      var name = names.size() == position.size() ? names.get(i) : "key " + (i + 1);
      parts.put(name, position.get(i));
    }
    return parts;
  }
}
