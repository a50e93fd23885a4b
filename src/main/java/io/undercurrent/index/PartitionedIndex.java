package io.undercurrent.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Comparator.comparing;

import io.undercurrent.index.PartitionTree.Index;
import io.undercurrent.index.PartitionTree.Member;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** What there is of the index of a partitioned table, and what is missing. */
final class PartitionedIndex {

  private static final int LONGEST_NAME = 63;
  private static final String HASHED = "_%08x";
  private static final int LENGTH_OF_HASH = 9;

  private final WantedIndex wanted;
  private final String definition;
  private final PartitionTree tree;
  private final Map<Member, @Nullable Index> found = new LinkedHashMap<>();

  /**
   * Looks at what is there.
   *
   * @param wanted the index of the partitioned table
   * @param definition as {@link WantedIndex#definition}
   */
  PartitionedIndex(JdbcTemplate jdbc, WantedIndex wanted, String definition) {
    this.wanted = wanted;
    this.definition = definition;
    this.tree = PartitionTree.of(jdbc, wanted.table());
    tree.tables().forEach(member -> found.put(member, find(member)));
  }

  private @Nullable Index find(Member member) {
    return tree.indexes().stream()
        .filter(index -> index.table() == member.table().oid() && isOne(member, index))
        .min(
            comparing((Index index) -> !index.isAttached())
                .thenComparing(index -> !index.name().equals(nameFor(member)))
                .thenComparing(Index::oid))
        .orElse(null);
  }

  /** Whether an index is the wanted one of a table, or can be attached as that. */
  private boolean isOne(Member member, Index index) {
    if (member.isRoot()) {
      return index.name().equals(wanted.work().name());
    }
    if (!definition.equals(index.definition())) {
      return false;
    }
    if (index.isAttached()) {
      return parentOf(member).filter(parent -> parent.oid() == index.parent()).isPresent();
    }
    return index.valid() || member.table().isPartitioned() && index.name().equals(nameFor(member));
  }

  private Optional<Index> parentOf(Member member) {
    return found.entrySet().stream()
        .filter(entry -> entry.getKey().table().oid() == member.parent())
        .findFirst()
        .map(Map.Entry::getValue);
  }

  List<Member> tables() {
    return tree.tables();
  }

  /** Whether queries may use the index of the whole table, which then has one of each partition. */
  boolean isValid() {
    return root().filter(Index::valid).isPresent();
  }

  Optional<Index> root() {
    return Optional.ofNullable(found.get(tree.tables().get(0)));
  }

  /** The indexes to build: of tables that have rows themselves. */
  List<WantedIndex> missingWithRows() {
    return missing(false);
  }

  /** The indexes to make of partitioned tables, the lowest first. */
  List<WantedIndex> missingAbove() {
    return missing(true);
  }

  private List<WantedIndex> missing(boolean partitioned) {
    return found.entrySet().stream()
        .filter(entry -> entry.getValue() == null)
        .map(Map.Entry::getKey)
        .filter(member -> member.table().isPartitioned() == partitioned)
        .sorted(comparing(Member::level).reversed())
        .map(member -> wanted.on(member.table(), nameFor(member)))
        .toList();
  }

  /**
   * The statements that attach what is there to what is above it, the lowest first, and before
   * those that others have built: what is attached goes with what it is attached to.
   */
  List<String> attachments() {
    Comparator<Map.Entry<Member, @Nullable Index>> lowestFirst =
        comparing(entry -> -entry.getKey().level());
    return found.entrySet().stream()
        .filter(entry -> entry.getValue() != null && !entry.getKey().isRoot())
        .filter(entry -> !entry.getValue().isAttached())
        .sorted(lowestFirst.thenComparing(entry -> !isOurs(entry.getKey(), entry.getValue())))
        .flatMap(entry -> attachment(entry.getKey(), entry.getValue()).stream())
        .toList();
  }

  private Optional<String> attachment(Member member, Index index) {
    return tree.tables().stream()
        .filter(table -> table.table().oid() == member.parent())
        .findFirst()
        .flatMap(
            parent ->
                Optional.ofNullable(found.get(parent))
                    .map(
                        above ->
                            "ALTER INDEX %s ATTACH PARTITION %s"
                                .formatted(
                                    parent.table().qualified(above.name()),
                                    member.table().qualified(index.name()))));
  }

  /** All indexes of a table that an update of this name has built, or would have. */
  List<Index> ours(Member member) {
    return tree.indexes().stream()
        .filter(index -> index.table() == member.table().oid() && isOurs(member, index))
        .toList();
  }

  private boolean isOurs(Member member, Index index) {
    return index.name().equals(nameFor(member)) && definition.equals(index.definition());
  }

  /**
   * Those that are attached to an index, or to what is attached to it, and were not built by us.
   */
  List<Index> othersBelow(Index above) {
    return tree.indexes().stream()
        .filter(index -> index.parent() == above.oid())
        .flatMap(
            index ->
                Stream.concat(
                    tree.tables().stream()
                        .filter(member -> member.table().oid() == index.table())
                        .filter(member -> !isOurs(member, index))
                        .map(member -> index),
                    othersBelow(index).stream()))
        .toList();
  }

  private String nameFor(Member member) {
    var index = wanted.work().name();
    return member.isRoot() ? index : name(member.table().name(), index);
  }

  /** The name of a partition's index, which is always the same and never too long. */
  static String name(String partition, String index) {
    var name = partition + "_" + index;
    if (name.getBytes(UTF_8).length <= LONGEST_NAME) {
      return name;
    }
    var crc = new CRC32();
    crc.update(name.getBytes(UTF_8));
    var end = name.length();
    while (name.substring(0, end).getBytes(UTF_8).length > LONGEST_NAME - LENGTH_OF_HASH) {
      end = name.offsetByCodePoints(end, -1);
    }
    return name.substring(0, end) + HASHED.formatted(crc.getValue());
  }
}
