package io.undercurrent.admin;

import io.undercurrent.access.OwnTokens;
import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.database.registry.Databases;
import java.time.Clock;

/**
 * What HTTP gives access to.
 *
 * @param updates carries out requests
 * @param databases the main one has the homeserver's tokens
 * @param tokens those of Undercurrent's own
 * @param clock shows which tokens have expired
 */
record AdminServices(
    BackgroundUpdates updates, Databases databases, OwnTokens tokens, Clock clock) {}
