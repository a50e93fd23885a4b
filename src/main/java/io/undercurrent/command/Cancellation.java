package io.undercurrent.command;

import java.util.List;

/**
 * What a cancellation has done.
 *
 * @param updates the names that left the queue, the update's own first; none if it was only not to
 *     be queued again
 * @param remarks what became of indexes, in sentences
 */
public record Cancellation(List<String> updates, List<String> remarks) {}
