package io.undercurrent.csv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.undercurrent.database.RefusedException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.QuoteMode;
import org.jspecify.annotations.Nullable;

/** Reads a CSV file from its beginning, a record at a time. */
final class CsvCursor implements AutoCloseable {

  /** RFC 4180; what is empty is NULL unless it is quoted, as for COPY. */
  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setNullString("").setQuoteMode(QuoteMode.ALL_NON_NULL).get();

  private final Path path;
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;

  CsvCursor(Path path) {
    this.path = path;
    try {
      var text = new InputStreamReader(Files.newInputStream(path), UTF_8.newDecoder());
      this.parser = CSVParser.builder().setReader(new BufferedReader(text)).setFormat(FORMAT).get();
      this.records = parser.iterator();
    } catch (IOException e) {
      throw CsvFile.unreadable(path, e);
    }
  }

  /**
   * The next record, or null after the last.
   *
   * @throws RefusedException if it cannot be read
   */
  @Nullable CsvLine next() {
    var line = parser.getCurrentLineNumber() + 1;
    try {
      return records.hasNext() ? new CsvLine(line, Arrays.asList(records.next().values())) : null;
    } catch (UncheckedIOException e) {
      throw refused(line, requireNonNull(e.getCause()));
    }
  }

  private RefusedException refused(long line, IOException failure) {
    if (failure instanceof CharacterCodingException) {
      return CsvFile.refused(path, brokenLine(), "expected UTF-8, found other bytes", failure);
    }
    return failure instanceof CSVException
        ? CsvFile.refused(path, line, "broken CSV: " + failure.getMessage(), failure)
        : CsvFile.unreadable(path, failure);
  }

  /** The reader is blocks ahead of the parser. */
  private long brokenLine() {
    var number = 1L;
    var line = new ByteArrayOutputStream();
    try (var bytes = new BufferedInputStream(Files.newInputStream(path))) {
      for (int next = bytes.read(); next >= 0 && isText(line, next); next = bytes.read()) {
        if (next == '\n') {
          number++;
          line.reset();
        } else {
          line.write(next);
        }
      }
    } catch (IOException e) {
      throw CsvFile.unreadable(path, e);
    }
    return number;
  }

  private static boolean isText(ByteArrayOutputStream line, int next) {
    if (next != '\n') {
      return true;
    }
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(line.toByteArray()));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
