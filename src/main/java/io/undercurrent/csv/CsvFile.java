package io.undercurrent.csv;

import io.undercurrent.database.RefusedException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file whose first line names its columns. It is read from one end to the other; only the
 * lines after the one that was asked for last are kept, so that they can be asked for again.
 */
public final class CsvFile implements AutoCloseable {

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final Path path;
  private final List<String> columns;
  private final Deque<CsvLine> ahead = new ArrayDeque<>();
  private Stamp stamp;
  private @Nullable String fingerprint;
  private @Nullable CsvCursor cursor;
  private long behind;

  private CsvFile(Path path) {
    this.path = path;
    this.stamp = Stamp.of(path);
    try (var header = new CsvCursor(path)) {
      this.columns = columns(header.next());
    }
  }

  /**
   * Opens a file.
   *
   * @throws RefusedException if it cannot be read, or has no header
   */
  public static CsvFile open(Path path) {
    return new CsvFile(path);
  }

  private List<String> columns(@Nullable CsvLine header) {
    if (header == null) {
      throw refused(1, "expected a line with the names of the columns, found an empty file");
    }
    var names = header.values().stream().map(name -> Objects.requireNonNullElse(name, "")).toList();
    if (names.get(0).startsWith(BYTE_ORDER_MARK)) {
      throw refused(1, "expected UTF-8 without a byte order mark, found one. Save it without");
    }
    var seen = new HashSet<String>();
    for (var name : names) {
      if (name.isEmpty() || !seen.add(name)) {
        throw refused(1, "expected names of columns, each once, found %s".formatted(names));
      }
    }
    return names;
  }

  public Path path() {
    return path;
  }

  /** Its columns, by the first line. */
  public List<String> columns() {
    return columns;
  }

  /**
   * The first lines after one, in their order.
   *
   * @param line the number of that line; 1 for the header
   * @param most how many at most
   * @throws RefusedException if one cannot be read
   */
  public List<CsvLine> after(long line, int most) {
    if (cursor == null || line < behind) {
      close();
      cursor = new CsvCursor(path);
    }
    while (!ahead.isEmpty() && ahead.getFirst().number() <= line) {
      ahead.removeFirst();
    }
    behind = line;
    for (var next = next(cursor, most); next != null; next = next(cursor, most)) {
      if (next.number() > line) {
        ahead.add(complete(next));
      }
    }
    return ahead.stream().limit(most).toList();
  }

  private @Nullable CsvLine next(CsvCursor from, int most) {
    return ahead.size() < most ? from.next() : null;
  }

  private CsvLine complete(CsvLine line) {
    var values = line.values();
    if (values.size() != columns.size()) {
      throw refused(
          line.number(),
          values.size() == 1 && values.get(0) == null
              ? "expected %d values, found an empty line".formatted(columns.size())
              : "expected %d values, as in the first line, found %d"
                  .formatted(columns.size(), values.size()));
    }
    return line;
  }

  /** What it has in it, in few words: its size and a hash of all of it. */
  public String fingerprint() {
    var known = fingerprint == null ? digest() : fingerprint;
    fingerprint = known;
    return known;
  }

  /**
   * Makes sure that it is as it was when its fingerprint was taken.
   *
   * @throws RefusedException if it has changed
   */
  public void requireUnchanged() {
    var now = Stamp.of(path);
    if (!now.equals(stamp)) {
      requireFingerprint(fingerprint(), digest());
      stamp = now;
    }
  }

  /**
   * Makes sure that it is as it was.
   *
   * @param before its fingerprint then
   * @throws RefusedException if it has changed
   */
  public void requireFingerprint(String before) {
    requireFingerprint(before, fingerprint());
  }

  private void requireFingerprint(String before, String now) {
    if (!before.equals(now)) {
      throw new RefusedException(
          "expected %s to stay as it was when this run began (%s), found it changed (%s). Put that back, or begin a new run with: cancel and start"
              .formatted(path, before, now));
    }
  }

  private String digest() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      try (var sink = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
        var bytes = Files.copy(path, sink);
        return "%d bytes, SHA-256 %s".formatted(bytes, HexFormat.of().formatHex(digest.digest()));
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** Something that is wrong with a line of it. */
  public RefusedException refused(long line, String sentence) {
    return refused(path, line, sentence, null);
  }

  static RefusedException refused(
      Path path, long line, String sentence, @Nullable Throwable cause) {
    return new RefusedException("%s:%d: %s".formatted(path, line, sentence), cause);
  }

  static RefusedException unreadable(Path path, IOException failure) {
    return new RefusedException(
        "%s: expected a file that can be read here, found none (%s)".formatted(path, failure),
        failure);
  }

  /** Lets go of it; it is opened again when it is read. */
  @Override
  public void close() {
    if (cursor != null) {
      cursor.close();
    }
    cursor = null;
    ahead.clear();
    behind = 0;
  }

  /** What changes when the file does. */
  private record Stamp(long size, FileTime modified, @Nullable Object key) {

    static Stamp of(Path path) {
      try {
        var attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return new Stamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
      } catch (IOException e) {
        throw unreadable(path, e);
      }
    }
  }
}
