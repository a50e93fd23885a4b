package io.undercurrent.page;

import io.undercurrent.sql.BoundSql;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Looks up where a walk over a table or a query begins and ends if it begins now. */
record WalkEnds(JdbcTemplate jdbc, KeysetPages pages) {

  /** The pages between; nothing if there are none. */
  Optional<KeysetPages> look() {
    var begin = pages.edges().begin(jdbc);
    var inside = pages.with(pages.sql().between(begin, pages.edges().end(jdbc)));
    var last = outermost(inside, inside.sql().last());
    if (last == null) {
      return Optional.empty();
    }
    // Downwards, what is inserted above comes before the run, as it comes after it upwards.
    var first =
        begin == null && inside.sql().range().descending()
            ? outermost(inside, inside.sql().first())
            : begin;
    return Optional.of(pages.with(pages.sql().between(first, last)));
  }

  private @Nullable List<String> outermost(KeysetPages inside, BoundSql query) {
    var found = new KeysetRows(jdbc, inside.sql());
    var keys = found.keys(query);
    if (keys.isEmpty()) {
      return null;
    }
    var key = found.key(keys.get(0));
    if ("true".equals(found.afterKey(keys.get(0)))) {
      throw new IllegalStateException(
          "expected the outermost key to be %s, found one beyond it: its text form stands for another value. Name another key"
              .formatted(key));
    }
    return key;
  }
}
