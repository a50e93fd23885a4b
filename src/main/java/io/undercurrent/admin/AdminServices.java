package io.undercurrent.admin;

import io.undercurrent.access.OwnTokens;
import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.database.registry.Databases;
import java.time.Clock;

/**
 * What HTTP is a door to.
 *
 * @param updates does what is asked for
 * @param databases the main one has the homeserver's tokens
 * @param tokens those of Undercurrent's own
 * @param clock tells which tokens have expired
 */
record AdminServices(
    BackgroundUpdates updates, Databases databases, OwnTokens tokens, Clock clock) {}
