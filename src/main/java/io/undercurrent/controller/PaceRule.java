package io.undercurrent.controller;

/** What the size of the next chunk follows once something was counted. */
public enum PaceRule {
  /** What the latest chunks have cost. */
  ADAPTIVE,
  /** The averages of the whole run, as the reference has it. */
  REFERENCE
}
