package io.undercurrent.health;

import org.jspecify.annotations.Nullable;

/** How sessions of others are told from ours in {@code pg_stat_activity}, and named. */
final class OtherSessions {

  /** What all sessions of Undercurrent's are called, in whichever process. */
  static final String CONDITION = "NOT starts_with(application_name, 'undercurrent')";

  /** The role may see no more of a session than whose it is. */
  static final String HIDDEN = "query = '<insufficient privilege>'";

  private OtherSessions() {}

  /** What lets the role see them, in a clause. */
  static String wayOut(String quotedRole) {
    return "GRANT pg_read_all_stats TO " + quotedRole;
  }

  /** A session for a message: {@code web (user app), idle in transaction}. */
  static String words(@Nullable String application, @Nullable String user, @Nullable String state) {
    return (application == null || application.isEmpty() ? "no name" : application)
        + (user == null ? "" : " (user " + user + ")")
        + (state == null ? "" : ", " + state);
  }
}
