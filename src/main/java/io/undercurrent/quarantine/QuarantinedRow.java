package io.undercurrent.quarantine;

import java.time.Instant;

/**
 * A row in quarantine.
 *
 * @param update the update that has failed on it
 * @param run the update's run that has put it aside
 * @param row its key, and the error of the last try
 * @param at when that try was
 */
public record QuarantinedRow(String update, long run, BadRow row, Instant at) {}
