package io.undercurrent.kind;

import io.undercurrent.yaml.Section;
import java.util.List;
import java.util.Optional;

/** A kind of update: its keys in a job file, and how its work is read from there. */
public interface UpdateKind {

  /** The keys that an update of this kind needs. */
  List<String> keys();

  /** The keys that it may have as well. */
  default List<String> optionalKeys() {
    return List.of();
  }

  /**
   * Reads the work of an update that has one of the keys, and maybe not all that are needed.
   *
   * @param update takes the problems, as its values do
   * @return empty if there is a problem
   */
  Optional<Work> read(Section update);
}
