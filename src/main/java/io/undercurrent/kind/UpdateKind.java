package io.undercurrent.kind;

import static java.util.stream.Collectors.joining;

import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Shape.Key;
import java.util.List;
import java.util.Optional;

/** A kind of update: its keys in a job file, and how its work is read from there. */
public interface UpdateKind {

  /** The keys of an update of this kind; by those that are required it is recognised. */
  List<Key> keys();

  /** What it is called: the keys that are required. */
  default String name() {
    return keys().stream().filter(Key::required).map(Key::name).collect(joining(", "));
  }

  /** What it is for, in a few words. */
  default String purpose() {
    return keys().stream().filter(Key::required).map(Key::meaning).findFirst().orElse("");
  }

  /** An update of this kind as in a job file, for {@code help job-file}: a list item of YAML. */
  String example();

  /**
   * Reads the work of an update that has one of the keys, and maybe not all that are needed.
   *
   * @param update takes the problems, as its values do
   * @return empty if there is a problem
   */
  Optional<Work> read(Section update);
}
