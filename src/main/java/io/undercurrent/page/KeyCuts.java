package io.undercurrent.page;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Keys at which what is left of a run can be cut. They come from a sample, but whether they lie in
 * the rest of the walk, and in which order, is left to the server's comparison of what their texts
 * stand for, as is the walk: so parts that end at one and begin after it neither overlap nor leave
 * a gap.
 *
 * @param position the key after which the rest begins, or null for the beginning of the walk
 */
record KeyCuts(JdbcTemplate jdbc, KeysetPages pages, @Nullable List<String> position) {

  /** The keys, at most one less than parts, in the order of the walk. */
  List<List<String>> into(int parts) {
    var walk = pages.sql();
    var last = walk.range().last();
    if (parts < 2 || last == null) {
      return List.of();
    }
    var first = position == null ? walk.range().first() : position;
    return pages
        .with(walk.between(first, last))
        .sample(jdbc, parts)
        .map(KeySample::keys)
        .filter(keys -> !keys.isEmpty())
        .map(
            keys ->
                walk.among(keys, position)
                    .query(jdbc, (row, number) -> keys.get(row.getInt(1) - 1)))
        .orElse(List.of());
  }
}
