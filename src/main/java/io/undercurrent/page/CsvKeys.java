package io.undercurrent.page;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.undercurrent.csv.CsvFile;
import io.undercurrent.csv.CsvLine;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.key.KeyOrder;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Looks through the keys of a CSV file for some that are missing, do not fit their types, or are
 * there twice. A line in memory is a hash of eight bytes, which the database makes, so that equal
 * keys have equal ones; only those of equal hashes are compared.
 */
final class CsvKeys {

  private static final int BATCH = 10_000;

  /** So many hashes that lines share are looked into; by chance there are none among millions. */
  private static final int MOST_SHARED = 1_000;

  /** So many lines of each are compared. */
  private static final int MOST_SUSPECTS = 10;

  private final CsvFile file;
  private final List<Column> key;
  private final KeyOrder order;
  private long[] hashes = new long[BATCH];
  private int count;
  private @Nullable CsvLine last;
  private boolean done;

  /**
   * The keys of a file.
   *
   * @param key the columns of the key
   * @param order how they are compared
   */
  CsvKeys(CsvFile file, List<Column> key, KeyOrder order) {
    this.file = file;
    this.key = key;
    this.order = order;
  }

  /**
   * Looks through the whole file, unless it has done so before.
   *
   * @throws io.undercurrent.database.RefusedException if a key is no key
   */
  void check(JdbcTemplate jdbc) {
    if (done) {
      return;
    }
    file.fingerprint();
    for (var lines = file.after(1, BATCH);
        !lines.isEmpty();
        lines = file.after(requireNonNull(last).number(), BATCH)) {
      lines.forEach(this::requireKey);
      add(hashes(jdbc, lines));
      last = lines.get(lines.size() - 1);
    }
    refuseTwins(jdbc);
    file.requireUnchanged();
    hashes = new long[0];
    done = true;
  }

  /** How many lines there are, besides the header. */
  int count() {
    return count;
  }

  /** The last line, or null if there is none. */
  @Nullable CsvLine last() {
    return last;
  }

  private void requireKey(CsvLine line) {
    for (var column : key) {
      if (line.values().get(index(column)) == null) {
        throw file.refused(
            line.number(),
            "expected a value in the key column '%s', found nothing".formatted(column.name()));
      }
    }
  }

  private int index(Column column) {
    return file.columns().indexOf(column.name());
  }

  private void add(List<Long> more) {
    if (count + more.size() > hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * hashes.length);
    }
    more.forEach(hash -> hashes[count++] = hash);
  }

  /** Those of lines; where one does not fit its type, it is searched for. */
  private List<Long> hashes(JdbcTemplate jdbc, List<CsvLine> lines) {
    try {
      return asked(jdbc, lines);
    } catch (DataAccessException e) {
      var failure = SqlFailure.of(e);
      if (failure.down()) {
        throw e;
      }
      if (lines.size() == 1) {
        throw file.refused(lines.get(0).number(), failure.sentence());
      }
    }
    var half = lines.size() / 2;
    var all = new ArrayList<>(hashes(jdbc, lines.subList(0, half)));
    all.addAll(hashes(jdbc, lines.subList(half, lines.size())));
    return all;
  }

  private List<Long> asked(JdbcTemplate jdbc, List<CsvLine> lines) {
    var query =
        BoundSql.of(
            "SELECT hash_record_extended(ROW(%s), 0) FROM unnest(%s) WITH ORDINALITY AS key (%s, number) ORDER BY number"
                .formatted(
                    numbered(i -> "CAST(c%d AS %s)".formatted(i, key.get(i).type())),
                    numbered(i -> "CAST(? AS text[])"),
                    numbered(i -> "c" + i)),
            key.stream()
                .map(
                    column -> lines.stream().map(line -> line.values().get(index(column))).toList())
                .toList());
    var manager = new DataSourceTransactionManager(requireNonNull(jdbc.getDataSource()));
    var nested = new TransactionTemplate(manager);
    nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    return requireNonNull(
        nested.execute(status -> query.query(jdbc, (row, number) -> row.getLong(1))));
  }

  private String numbered(Function<Integer, String> form) {
    return IntStream.range(0, key.size()).boxed().map(form).collect(joining(", "));
  }

  private void refuseTwins(JdbcTemplate jdbc) {
    var repeated = repeated();
    var suspects = repeated.isEmpty() ? List.<CsvLine>of() : suspects(repeated);
    if (suspects.isEmpty()) {
      return;
    }
    order
        .twins(suspects.stream().map(this::key).toList())
        .query(jdbc, (row, number) -> List.of(row.getInt(1), row.getInt(2)))
        .forEach(
            twins -> {
              var first = suspects.get(twins.get(0) - 1);
              var second = suspects.get(twins.get(1) - 1);
              throw file.refused(
                  second.number(),
                  "expected each key once, found %s, which is %s in line %d"
                      .formatted(key(second), key(first), first.number()));
            });
  }

  private Set<Long> repeated() {
    var sorted = Arrays.copyOf(hashes, count);
    Arrays.sort(sorted);
    var repeated = new HashSet<Long>();
    for (int i = 1; i < count && repeated.size() < MOST_SHARED; i++) {
      if (sorted[i] == sorted[i - 1]) {
        repeated.add(sorted[i]);
      }
    }
    return repeated;
  }

  private List<CsvLine> suspects(Set<Long> repeated) {
    var suspects = new ArrayList<CsvLine>();
    var found = new HashMap<Long, Integer>();
    var number = 0;
    for (var lines = file.after(1, BATCH);
        !lines.isEmpty();
        lines = file.after(lines.get(lines.size() - 1).number(), BATCH)) {
      for (var line : lines) {
        var hash = hashes[number++];
        if (repeated.contains(hash) && found.merge(hash, 1, Integer::sum) <= MOST_SUSPECTS) {
          suspects.add(line);
        }
      }
    }
    return suspects;
  }

  private List<String> key(CsvLine line) {
    return key.stream().map(column -> requireNonNull(line.values().get(index(column)))).toList();
  }
}
