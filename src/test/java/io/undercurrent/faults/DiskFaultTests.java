package io.undercurrent.faults;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.faults.server.PostgresServer;
import io.undercurrent.faults.server.ServerPrototype;
import io.undercurrent.testing.Rows;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Disks that are full or read-only: file systems in memory, which only the process can see. */
@Tag("faults")
@EnabledIf(value = "canMount", disabledReason = "this user may not mount a file system")
class DiskFaultTests {

  static boolean canMount() throws Exception {
    return new ProcessBuilder(mounting("/mnt", "size=1m", "")).start().waitFor() == 0;
  }

  /** What a command is put behind that is to see a file system of its own in a directory. */
  private static List<String> mounting(String directory, String options, String then) {
    var script = "mount -t tmpfs -o %s tmpfs '%s' %s && exec \"$@\"";
    return List.of("unshare", "-rm", "sh", "-c", script.formatted(options, directory, then), "sh");
  }

  @Test
  void waitsForRoomInItsTablespace() throws Exception {
    var space = ServerPrototype.newDirectory();
    var server = PostgresServer.create(mounting(space.toString(), "size=24m,mode=700", ""));
    try (var scene = Scene.open(server, List.of())) {
      run(server, "CREATE TABLESPACE small LOCATION '%s'".formatted(space));
      var full = scene.fault("tablespace full for 60 s").rows(10_000).hitsEverybody();
      full.when(
              () -> {
                run(server, "CREATE TABLE ballast (filler text) TABLESPACE small");
                run(server, "ALTER TABLE ballast ALTER filler SET STORAGE PLAIN");
                run(server, "ALTER TABLE %s SET TABLESPACE small".formatted(full.table()));
                fill(server);
              })
          .why(" s: could not extend file")
          .lasts(Suite.seconds(60))
          .until(() -> run(server, "DROP TABLE ballast"))
          .endsWell();
    }
  }

  private static void fill(PostgresServer server) {
    for (var rows : new int[] {2_000, 100, 1}) {
      assertThatThrownBy(
              () -> {
                while (true) {
                  run(
                      server,
                      "INSERT INTO ballast SELECT repeat('x', 4000) FROM generate_series(1, %d)"
                          .formatted(rows));
                }
              })
          .hasMessageContaining("No space left on device");
    }
  }

  private static void run(PostgresServer server, String sql) {
    Rows.run(server.superuser(), sql);
  }

  @Test
  void worksWithAHomeThatIsFull() throws Exception {
    var before =
        mounting("HOME", "size=64k", "&& { dd if=/dev/zero of=HOME/filler 2>/dev/null; true; }");
    worksWithAHome("home on a full disk", before);
  }

  @Test
  void worksWithAHomeThatIsReadOnly() throws Exception {
    worksWithAHome("home on a read-only disk", mounting("HOME", "ro", ""));
  }

  private static void worksWithAHome(String name, List<String> before) throws Exception {
    try (var scene =
        Scene.open(PostgresServer.create(), before, "--logging.file.name=HOME/undercurrent.log")) {
      scene.fault(name).endsWell();
    }
  }
}
