package io.undercurrent.runner;

import io.undercurrent.job.JobFile;
import io.undercurrent.job.UpdateDefinition;

/**
 * What a job file says about a queued update.
 *
 * @param file the job file
 * @param update the update in it
 */
record Definition(JobFile file, UpdateDefinition update) {}
