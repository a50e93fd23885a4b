package io.undercurrent.status;

import io.undercurrent.state.Hold;
import java.util.List;

/**
 * Why a database's updates move or do not move.
 *
 * @param database the database's name
 * @param moves whether what was asked about is being worked on at this moment
 * @param reasons what holds it, in the order in which it is to be lifted, or that it moves
 */
public record Explanation(String database, boolean moves, List<Hold> reasons) {}
