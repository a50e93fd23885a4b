package io.undercurrent.history;

/**
 * What a purge has removed, or would remove.
 *
 * @param runs the ended runs
 * @param executions Spring Batch's records of their executions
 * @param actions the records of operators' changes
 * @param samples what runs have done by the minute
 */
public record Purged(long runs, long executions, long actions, long samples) {

  public static final Purged NOTHING = new Purged(0, 0, 0, 0);

  public Purged plus(Purged more) {
    return new Purged(
        runs + more.runs,
        executions + more.executions,
        actions + more.actions,
        samples + more.samples);
  }

  public boolean isNothing() {
    return equals(NOTHING);
  }
}
