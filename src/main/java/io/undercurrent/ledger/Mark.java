package io.undercurrent.ledger;

import java.time.OffsetDateTime;
import java.util.Map;

/**
 * How far a run is written down.
 *
 * @param at up to when, on the database's clock
 * @param ms what it had spent its time on by then
 * @param work what it had done by then
 */
record Mark(OffsetDateTime at, Map<String, Long> ms, WorkDone work) {}
