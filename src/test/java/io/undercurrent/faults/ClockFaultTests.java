package io.undercurrent.faults;

import io.undercurrent.faults.server.PostgresServer;
import io.undercurrent.faults.server.ServerPrototype;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A server's clock that is set while everything runs, by libfaketime. A JVM does not get on with
 * that library; that it differs from the server is the same for Undercurrent.
 */
@Tag("faults")
@EnabledIf(value = "isInstalled", disabledReason = "libfaketime is not installed")
class ClockFaultTests {

  private static final String LIBRARY = "faketime/libfaketime.so.1";

  static boolean isInstalled() {
    return library().findFirst().isPresent();
  }

  private static Stream<Path> library() {
    return Stream.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib")
        .map(directory -> Path.of(directory, LIBRARY))
        .filter(Files::exists);
  }

  /** What a command is put behind whose clock differs by what the file says. */
  private static List<String> clock(Path file) {
    return List.of(
        "env",
        "LD_PRELOAD=" + library().findFirst().orElseThrow(),
        "FAKETIME_TIMESTAMP_FILE=" + file,
        "FAKETIME_NO_CACHE=1",
        "FAKETIME_DONT_FAKE_MONOTONIC=1");
  }

  @ParameterizedTest
  @CsvSource({"+3600s, false", "-3600s, false", "+3600s, true", "-3600s, true"})
  void goesOnWhenTheServersClockIsSet(String by, boolean killed) throws Exception {
    var file = Files.writeString(ServerPrototype.newDirectory().resolve("clock"), "+0s\n");
    try (var scene = Scene.open(PostgresServer.create(clock(file)), List.of())) {
      scene
          .fault("clock of the server set by %s%s".formatted(by, killed ? ", and SIGKILL" : ""))
          .leavesATransactionFor(Duration.ofHours(2))
          .when(
              () -> {
                Files.writeString(file, by + "\n");
                if (killed) {
                  scene.undercurrent.kill();
                  scene.start();
                }
              })
          .endsWell();
    }
  }
}
