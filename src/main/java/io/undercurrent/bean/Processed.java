package io.undercurrent.bean;

import io.undercurrent.failure.BeanFailedException;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.Chunk;

/**
 * What a bean has made of a chunk, as far as it came.
 *
 * @param rows how many rows, from the first on, have passed it
 * @param output what it made of them, without those that it leaves out
 * @param failure what it failed with on the row after those, or null if it did not get that far
 */
public record Processed(int rows, Chunk<Row> output, @Nullable BeanFailedException failure) {}
