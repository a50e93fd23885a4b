package io.undercurrent.index;

import io.undercurrent.database.DidYouMean;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.sql.Column;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/** What has to hold before an index is built, which may take hours. */
final class IndexRules {

  private final JdbcTemplate jdbc;
  private final WantedIndex wanted;
  private final CreateIndex work;

  IndexRules(JdbcTemplate jdbc, WantedIndex wanted) {
    this.jdbc = jdbc;
    this.wanted = wanted;
    this.work = wanted.work();
  }

  /**
   * Has PostgreSQL accept the definition, and looks at what is there.
   *
   * @return the definition as PostgreSQL understands it
   * @throws HopelessException if another index has the name, or the one to replace is needed
   * @throws org.springframework.dao.DataAccessException if the definition is not accepted
   */
  String check() {
    if (wanted.table().isPartitioned()) {
      return new PartitionRules(jdbc, wanted).check();
    }
    existing(work.name()).ifPresent(this::requireOfTable);
    requireOwner();
    var definition = wanted.definition(jdbc);
    requireFree(definition);
    if (work.replaces() != null) {
      existing(work.replaces()).ifPresent(this::requireReplaceable);
    }
    return definition;
  }

  /** Refuses a name that something else has. */
  void requireFree(String definition) {
    existing(work.name()).ifPresent(this::requireOfTable);
    existing(work.name()).ifPresent(index -> requireSame(index, definition));
  }

  /** Refuses an index of the wanted name that belongs to another one of the partitioned table. */
  void requireUnattached() {
    existing(work.name())
        .filter(index -> index.parent() != null)
        .ifPresent(
            index -> {
              throw new HopelessException(
                  "expected index '%s' of table %s to be attached to no other index than the one to build, found it attached to %s. Give the new index another name"
                      .formatted(index.name(), wanted.table().name(), index.parent()));
            });
  }

  void requireOwner() {
    jdbc.query(
            """
            SELECT current_user, pg_get_userbyid(relowner)
              FROM pg_class
             WHERE oid = ?
               AND NOT pg_has_role(relowner, 'USAGE')""",
            (row, number) -> notOwner(row.getString(1), row.getString(2)),
            wanted.table().oid())
        .forEach(
            refusal -> {
              throw refusal;
            });
  }

  private HopelessException notOwner(String role, String owner) {
    return new HopelessException(
        "expected role '%s' to own table %s, or to be a member of its owner '%s', which an index needs, found neither. Let it be a member with: GRANT %s TO %s"
            .formatted(
                role, wanted.table().name(), owner, Column.quoted(owner), Column.quoted(role)));
  }

  private Optional<ExistingIndex> existing(String name) {
    return ExistingIndex.find(jdbc, wanted.table(), name);
  }

  private void requireOfTable(ExistingIndex index) {
    if (!index.ofTable()) {
      throw new HopelessException(
          "expected the name '%s' to be free, found %s of that name in schema %s. Give the index another name"
              .formatted(
                  index.name(),
                  index.definition() == null ? "something else" : "an index of another table",
                  wanted.table().schema()));
    }
  }

  private void requireSame(ExistingIndex index, String definition) {
    var isKept = index.valid() || wanted.table().isPartitioned();
    if (isKept && !definition.equals(index.definition())) {
      throw new HopelessException(
          "expected index '%1$s' to be '%2$s', found that it is there as '%3$s'. Give the new one another name, with 'replaces: %1$s' if it takes the place of this one"
              .formatted(index.name(), definition, index.definition()));
    }
  }

  private void requireReplaceable(ExistingIndex index) {
    if (!index.ofTable()) {
      throw new HopelessException(
          "'replaces': expected an index of table %s, found that '%s' is not one of its%s"
              .formatted(
                  wanted.table().name(),
                  index.name(),
                  DidYouMean.hint(index.name(), ExistingIndex.names(jdbc, wanted.table()))));
    }
    if (index.constraint() != null) {
      throw new HopelessException(
          "'replaces': expected an index that can be dropped, found that constraint '%s' depends on '%s'"
              .formatted(index.constraint(), index.name()));
    }
    if (index.parent() != null) {
      throw new HopelessException(
          "'replaces': expected an index that can be dropped, found that '%s' is attached to index %s of the partitioned table"
              .formatted(index.name(), index.parent()));
    }
    if (index.replicaIdentity()) {
      throw new HopelessException(
          "'replaces': expected an index that can be dropped, found that '%s' is the replica identity of table %s"
              .formatted(index.name(), wanted.table().name()));
    }
  }

  /**
   * Says that there is nothing to replace.
   *
   * @return a sentence, or nothing if there is, or if the new index is there already
   */
  Optional<String> nothingToReplace() {
    var replaces = work.replaces();
    if (replaces == null
        || wanted.table().isPartitioned()
        || existing(replaces).isPresent()
        || existing(work.name()).filter(ExistingIndex::valid).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        "'replaces': expected an index '%s' on table %s, found none%s"
            .formatted(
                replaces,
                wanted.table().name(),
                DidYouMean.hint(replaces, ExistingIndex.names(jdbc, wanted.table()))));
  }
}
