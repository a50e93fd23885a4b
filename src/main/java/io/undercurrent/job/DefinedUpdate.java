package io.undercurrent.job;

import io.undercurrent.kind.UpdateDefinition;

/**
 * An update with the job that defines it.
 *
 * @param job the file
 * @param definition what it says about the update
 */
public record DefinedUpdate(JobFile job, UpdateDefinition definition) {}
