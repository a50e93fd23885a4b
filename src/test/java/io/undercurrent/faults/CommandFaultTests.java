package io.undercurrent.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.testing.Engine;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Commands at random, from two consoles at once, and kills between them. */
@Tag("faults")
class CommandFaultTests {

  @Test
  void obeysRandomCommandsFromTwoConsoles() throws Exception {
    var commands = Suite.count("commands", 100, 1_000);
    var seed = Suite.seed();
    System.out.println("seed of the commands: " + seed);
    try (var scene = Scene.open();
        var other = new Console(scene.server().url(), scene.jobs)) {
      var oracle = scene.update("commanded", 500 * commands);
      var model = new CommandModel(oracle.table(), scene);
      var consoles = List.of(scene.console(), other);
      var work =
          consoles.stream()
              .map(
                  console ->
                      CompletableFuture.runAsync(
                          () -> {
                            var random = new Random(seed + consoles.indexOf(console));
                            for (var i = 0; i < commands / 2; i++) {
                              model.doSomething(console, random);
                            }
                          }))
              .toList();
      work.forEach(CompletableFuture::join);
      model.letGo(scene.console());

      Engine.await().atMost(Duration.ofMinutes(10)).until(() -> !oracle.isQueued());
      assertThat(oracle.wrongRows()).isEmpty();
      System.out.println("commands: " + model.counts());
    }
  }
}
