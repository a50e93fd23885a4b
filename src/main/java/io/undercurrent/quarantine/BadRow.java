package io.undercurrent.quarantine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row on which an update has failed.
 *
 * @param key the values of its key's columns, in text form
 * @param sqlState the SQLSTATE of the error, or null if it did not come from the database
 * @param message the error, for operators
 */
public record BadRow(List<String> key, @Nullable String sqlState, String message) {}
