package io.undercurrent.database.embedded;

import java.nio.file.Path;

/**
 * The embedded server is about to be started by this process.
 *
 * @param directory where its data is, or will be
 * @param created whether there is no data yet, so that it takes a few seconds longer
 */
public record EmbeddedServerStarting(Path directory, boolean created) {}
