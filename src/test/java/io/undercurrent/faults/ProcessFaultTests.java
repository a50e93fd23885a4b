package io.undercurrent.faults;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.testing.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to Undercurrent's process. */
@Tag("faults")
class ProcessFaultTests {

  private Scene scene;

  @BeforeEach
  void open() throws Exception {
    scene = Scene.open();
  }

  @AfterEach
  void close() throws Exception {
    scene.close();
  }

  @ParameterizedTest
  @EnumSource
  void survivesAKillAt(StopPoint point) throws Exception {
    var kill = scene.fault("SIGKILL at " + point);
    kill.when(() -> scene.killAt(point, kill.table())).until(scene::start).endsWell();
  }

  @ParameterizedTest
  @EnumSource
  void survivesAKillInFourLanesAt(StopPoint point) throws Exception {
    var kill = scene.fault("SIGKILL in four lanes at " + point).job("lanes: 4").rows(10_000);
    kill.when(() -> scene.killAt(point, kill.table())).until(scene::start).endsWell();
  }

  @Test
  void survivesKillsInFourLanes() throws Exception {
    var kills = Suite.count("lane-kills", 5, 100);
    var seed = Suite.seed();
    var random = new Random(seed);
    scene
        .fault("SIGKILL in four lanes at random moments")
        .job("lanes: 4")
        .seed(seed)
        .rows(20_000 + 10_000 * kills)
        .when(
            () -> {
              Thread.sleep(random.nextInt(500));
              scene.undercurrent.kill();
            })
        .until(scene::start)
        .times(kills)
        .endsWell();
  }

  @Test
  void survivesAKillBetweenACommitAndItsAnswer() throws Exception {
    scene
        .fault("SIGKILL between COMMIT and its answer")
        .when(
            () -> {
              scene.wire.holdAcknowledgement();
              scene.undercurrent.kill();
            })
        .until(scene::start)
        .endsWell();
  }

  @Test
  void isSaidToBeGoneWhenItWasKilled() throws Exception {
    scene
        .fault("SIGKILL, and nobody starts it again for a while")
        .when(scene.undercurrent::kill)
        .why("No process runs the updates; pid ")
        .until(scene::start)
        .endsWell();
  }

  @Test
  void survivesKillsAtRandomMoments() throws Exception {
    var kills = Suite.count("kills", 10, 300);
    var seed = Suite.seed();
    var random = new Random(seed);
    scene
        .fault("SIGKILL at random moments")
        .seed(seed)
        .rows(10_000 + 2_500 * kills)
        .when(
            () -> {
              Thread.sleep(random.nextInt(500));
              scene.undercurrent.kill();
            })
        .until(scene::start)
        .times(kills)
        .endsWell();
  }

  @Test
  void goesOnWhenItWasFrozen() throws Exception {
    scene
        .fault("SIGSTOP for 40 s, nobody else there")
        .rows(10_000)
        .leavesATransactionFor(ofSeconds(12))
        .when(() -> scene.undercurrent.freeze(true))
        .why("No process runs the updates")
        .lasts(Suite.seconds(40))
        .until(() -> scene.undercurrent.freeze(false))
        .endsWell();
  }

  @Test
  void isReplacedWhileItIsFrozen() throws Exception {
    var frozen = new AtomicBoolean();
    var owner = "pid %d on %%".formatted(scene.undercurrent.running().pid());
    Rows.await(
        scene.server().superuser(),
        "SELECT 1 FROM undercurrent.lease WHERE owner LIKE '%s'".formatted(owner));
    try (var another = scene.another()) {
      scene
          .fault("SIGSTOP, another takes over, and SIGCONT")
          .rows(200_000)
          .leavesATransactionFor(ofSeconds(12))
          .when(() -> scene.undercurrent.freeze(frozen.compareAndSet(false, true)))
          .lasts(Suite.seconds(40))
          .times(2)
          .endsWell();
      assertThat(another.running().isAlive()).isTrue();
      assertThat(scene.undercurrent.running().isAlive()).isTrue();
    }
  }

  @Test
  void leavesTheWorkToOneOfFive() throws Exception {
    var seed = Suite.seed();
    var random = new Random(seed);
    var processes = new ArrayList<>(List.of(scene.undercurrent));
    try {
      for (var i = 0; i < 4; i++) {
        processes.add(scene.another());
      }
      var killed = new ArrayList<UndercurrentProcess>();
      scene
          .fault("five processes, of which any are killed")
          .seed(seed)
          .rows(60_000)
          .when(
              () -> {
                var process = processes.get(random.nextInt(processes.size()));
                process.kill();
                killed.add(process);
              })
          .until(() -> killed.remove(0).start())
          .times(Suite.count("five", 5, 20))
          .endsWell();
    } finally {
      processes.forEach(UndercurrentProcess::close);
    }
  }
}
