package io.undercurrent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that become right between a sweep's look at them and their deletion. */
@PostgresTest
class DirectorySweepTests {

  private static final String BOB = "@bob:other.test";
  private static final String GONE = "@gone:other.test";
  private static final String PAIR =
      "INSERT INTO users_who_share_private_rooms VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
  private static final String ENTRY =
      "INSERT INTO users_in_public_rooms VALUES (?, ?) ON CONFLICT DO NOTHING";

  /** Who waits for the holder. */
  private static final String WAITING =
      """
      SELECT waiting.pid
        FROM pg_stat_activity holder
        JOIN pg_stat_activity waiting ON holder.pid = ANY (pg_blocking_pids(waiting.pid))
       WHERE holder.application_name = 'holder'
         AND holder.datname = current_database()""";

  private Database database;
  private Homeserver homeserver;
  private String alice;
  private String room;

  @BeforeEach
  void makeARoom(TestDatabases databases) {
    homeserver = Homeserver.in(databases);
    database = homeserver.database();
    alice = homeserver.user("alice", "Alice");
    room = homeserver.room();
    homeserver.join(room, alice, null);
  }

  @Test
  void putsPairsBackThatTheHomeserverFoundThere() throws Exception {
    List.of(BOB, GONE).forEach(user -> homeserver.sql(PAIR, alice, user, room));

    regenerate(
        "SELECT FROM users_who_share_private_rooms WHERE other_user_id = '%s' FOR UPDATE",
        () -> homeserver.sql(PAIR, alice, BOB, room));

    assertThat(rows("SELECT other_user_id FROM users_who_share_private_rooms"))
        .containsExactly(BOB);
  }

  @Test
  void putsMembersOfPublicRoomsBackThatTheHomeserverFoundThere() throws Exception {
    homeserver.state(room, "m.room.join_rules", "{\"join_rule\":\"public\"}");
    List.of(BOB, GONE).forEach(user -> homeserver.sql(ENTRY, user, room));

    regenerate(
        "SELECT FROM users_in_public_rooms WHERE user_id = '%s' FOR UPDATE",
        () -> homeserver.sql(ENTRY, BOB, room));

    assertThat(rows("SELECT user_id FROM users_in_public_rooms ORDER BY user_id"))
        .containsExactly(alice, BOB);
  }

  /**
   * Runs the job; while it is about to delete Bob's row, Bob joins, and the directory learns it.
   */
  private void regenerate(String lock, Runnable learn) throws Exception {
    try (var holder = database.connect("holder")) {
      holder.setAutoCommit(false);
      holder.createStatement().execute(lock.formatted(BOB));
      var run = CompletableFuture.runAsync(this::regenerate);
      Rows.await(database, WAITING);

      homeserver.join(room, BOB, null);
      learn.run();
      holder.rollback();
      run.join();
    }
  }

  private void regenerate() {
    try {
      JobRunner.ofSample(database).run(JobRunner.DIRECTORY);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<@Nullable String> rows(String sql) {
    return Rows.of(database, sql);
  }
}
