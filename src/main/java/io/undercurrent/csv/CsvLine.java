package io.undercurrent.csv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record of a CSV file.
 *
 * @param number the line on which it begins; the header is on line 1
 * @param values one for each column, null where nothing stands between the commas
 */
public record CsvLine(long number, List<@Nullable String> values) {}
