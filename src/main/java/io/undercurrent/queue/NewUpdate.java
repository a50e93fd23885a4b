package io.undercurrent.queue;

import org.jspecify.annotations.Nullable;

/**
 * An update that is about to be queued.
 *
 * @param name the update, at most 100 characters
 * @param dependsOn the update that has to leave the queue first, or null
 * @param ordering lower goes first
 */
public record NewUpdate(String name, @Nullable String dependsOn, int ordering) {}
