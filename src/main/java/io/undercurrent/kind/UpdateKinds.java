package io.undercurrent.kind;

import static java.util.stream.Collectors.joining;

import io.undercurrent.yaml.Section;
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

  /** All keys of all kinds. */
  public List<String> keys() {
    return all.stream().flatMap(UpdateKinds::keys).toList();
  }

  /**
   * Reads the work of an update, whose keys say of which kind it is.
   *
   * @return empty if there is a problem, of which the section knows
   */
  public Optional<Work> read(Section update) {
    var kind =
        all.stream()
            .filter(each -> each.keys().stream().allMatch(update::has))
            .findFirst()
            .or(() -> all.stream().filter(each -> keys(each).anyMatch(update::has)).findFirst());
    if (kind.isEmpty()) {
      update.problem("expected %s, found none of them", words());
      return Optional.empty();
    }
    all.stream()
        .filter(other -> other != kind.get())
        .flatMap(UpdateKinds::keys)
        .filter(update::has)
        .forEach(key -> refuse(update, key, kind.get()));
    return kind.get().read(update);
  }

  private static void refuse(Section update, String key, UpdateKind kind) {
    update.problemAt(key, "'%s' and '%s' exclude each other", key, kind.keys().get(0));
  }

  private static Stream<String> keys(UpdateKind kind) {
    return Stream.concat(kind.keys().stream(), kind.optionalKeys().stream());
  }

  /** As in: 'read' and 'write', 'run' or 'create-index'. */
  private String words() {
    var words = all.stream().map(UpdateKinds::words).toList();
    var last = words.size() - 1;
    return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }

  private static String words(UpdateKind kind) {
    return kind.keys().stream().map(key -> "'" + key + "'").collect(joining(" and "));
  }
}
