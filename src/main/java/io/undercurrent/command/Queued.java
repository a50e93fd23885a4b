package io.undercurrent.command;

import java.util.List;

/**
 * What a start has queued.
 *
 * @param updates the names of the updates, in order
 * @param warnings what its check has found that need not be a mistake, each with file and line
 */
public record Queued(List<String> updates, List<String> warnings) {}
