package io.undercurrent.kind;

import static java.util.stream.Collectors.joining;

import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Shape.Key;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kinds of update that there are.
 *
 * @param all in the order in which messages name them
 */
public record UpdateKinds(List<UpdateKind> all) {

  /** These and another one. */
  public UpdateKinds and(UpdateKind another) {
    return new UpdateKinds(Stream.concat(all.stream(), Stream.of(another)).toList());
  }

  /** All keys of all kinds, some of which may share one. */
  public List<String> keys() {
    return all.stream().flatMap(UpdateKinds::keysOf).distinct().toList();
  }

  /** The kind that has a key. */
  public Optional<UpdateKind> named(String key) {
    return all.stream()
        .filter(kind -> required(kind).anyMatch(key::equals))
        .findFirst()
        .or(() -> all.stream().filter(kind -> keysOf(kind).anyMatch(key::equals)).findFirst());
  }

  /**
   * Reads the work of an update, whose keys say of which kind it is.
   *
   * @return empty if there is a problem, of which the section knows
   */
  public Optional<Work> read(Section update) {
    var kind = kindOf(update);
    if (kind.isEmpty()) {
      update.problem("expected %s, found none of them", words());
    }
    kind.ifPresent(found -> refuseOthers(update, found));
    return kind.flatMap(found -> found.read(update));
  }

  /** The kind whose keys are all there, else one of whose keys some are. */
  private Optional<UpdateKind> kindOf(Section update) {
    return all.stream()
        .filter(kind -> required(kind).allMatch(update::has))
        .findFirst()
        .or(() -> all.stream().filter(kind -> keysOf(kind).anyMatch(update::has)).findFirst());
  }

  private void refuseOthers(Section update, UpdateKind kind) {
    var own = keysOf(kind).toList();
    keys().stream()
        .filter(key -> !own.contains(key) && update.has(key))
        .forEach(key -> update.problemAt(key, "'%s' and '%s' exclude each other", key, own.get(0)));
  }

  private static Stream<String> keysOf(UpdateKind kind) {
    return kind.keys().stream().map(Key::name);
  }

  private static Stream<String> required(UpdateKind kind) {
    return kind.keys().stream().filter(Key::required).map(Key::name);
  }

  /** As in: 'read' and 'write', 'run' or 'create-index'. */
  private String words() {
    var words = all.stream().map(UpdateKinds::phrase).toList();
    var last = words.size() - 1;
    return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }

  private static String phrase(UpdateKind kind) {
    return required(kind).map(key -> "'" + key + "'").collect(joining(" and "));
  }
}
