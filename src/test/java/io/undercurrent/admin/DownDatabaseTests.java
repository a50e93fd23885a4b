package io.undercurrent.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.undercurrent.admin.http.BoundedQueries;
import io.undercurrent.command.Operator;
import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseDownException;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.status.DatabaseStatus;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PostgresTest
class DownDatabaseTests {

  private static final Operator CAROL = new Operator("carol", Operator.Way.TOKEN, "10.0.0.7");

  @TempDir private Path jobs;

  @Test
  void isLeftOutAndGetsTheLatestWishWhenItReturns(Database main, TestDatabases others)
      throws Exception {
    var away = others.create("away");
    var url = away.settings().url();
    var port = Integer.parseInt(url.replaceAll(".*:(\\d+)/.*", "$1"));
    try (var server = new SwitchedServer(port);
        var engine =
            new JobEngine(
                jobs,
                main,
                new DatabaseSettings(
                    "away", url.replace(":" + port, ":" + server.port()), "postgres", null));
        var questions = new BoundedQueries(engine.updates.databases());
        var enabled =
            new EnabledSwitch(engine.updates, questions, new Statuses(engine.updates, questions))) {
      Engine.await()
          .untilAsserted(
              () ->
                  assertThat(questions.askAll(engine.updates::status)).containsOnlyKeys("master"));

      enabled.set(true, CAROL);
      enabled.set(false, CAROL);

      assertThat(enabledIn(main)).containsExactly("f");
      assertThat(enabledIn(away)).containsExactly("t");
      assertThat(enabled.in(questions.askAll(engine.updates::status).values())).isFalse();

      server.switchOn();

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(enabledIn(away)).containsExactly("f"));
      assertThat(Rows.of(away, "SELECT after FROM undercurrent.actions")).containsExactly("false");
    }
  }

  @Test
  void isSaidToBeDownWhenItIsAskedAlone(Database main) {
    try (var questions = new BoundedQueries(List.of("master"))) {
      assertThatExceptionOfType(DatabaseDownException.class)
          .isThrownBy(() -> questions.ask("master", () -> Rows.of(main, "SELECT pg_sleep(60)")))
          .withMessage("Database 'master' has not answered in time");
    }
  }

  @Test
  void keepsNobodyWaitingWhoChangesSomethingWhileOthersLook(Database main) throws Exception {
    try (var server = new SwitchedServer(1);
        var engine =
            new JobEngine(
                jobs,
                main,
                new DatabaseSettings(
                    "away", "jdbc:postgresql://localhost:" + server.port() + "/x", "anna", null));
        var questions = new BoundedQueries(engine.updates.databases(), Duration.ofMinutes(1))) {
      var statuses = new Statuses(engine.updates, questions);
      var look = CompletableFuture.supplyAsync(statuses::now);
      server.awaitConnection();

      statuses.forget();

      assertThat(look).as("the look under way").isNotDone();
      server.close();
      assertThat(look.join()).extracting(DatabaseStatus::database).containsExactly("master");
    }
  }

  private static List<String> enabledIn(Database database) {
    return Rows.of(database, "SELECT enabled FROM undercurrent.lease");
  }
}
