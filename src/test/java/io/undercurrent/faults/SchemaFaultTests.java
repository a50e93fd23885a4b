package io.undercurrent.faults;

import io.undercurrent.testing.Rows;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What people do to an update's table and file while it runs. */
@Tag("faults")
class SchemaFaultTests {

  private Scene scene;

  @BeforeEach
  void open() throws Exception {
    scene = Scene.open();
  }

  @AfterEach
  void close() throws Exception {
    scene.close();
  }

  @Test
  void stopsWhenItsTableIsRenamed() throws Exception {
    var renamed = scene.fault("table renamed").hitsEverybody();
    renamed
        .when(() -> alter(renamed, "RENAME TO elsewhere"))
        .why("\"%s\" does not exist".formatted(renamed.table()))
        .until(
            () -> {
              run("ALTER TABLE elsewhere RENAME TO " + renamed.table());
              scene.console().say("retry " + renamed.table());
            })
        .endsWell();
  }

  @Test
  void stopsWhenAColumnIsDropped() throws Exception {
    var dropped = scene.fault("column of the filter renamed");
    dropped
        .when(() -> alter(dropped, "RENAME live TO alive"))
        .why("column \"live\" does not exist")
        .until(
            () -> {
              alter(dropped, "RENAME alive TO live");
              scene.console().say("retry " + dropped.table());
            })
        .endsWell();
  }

  @Test
  void refusesToGoOnWithoutTheIndexOfItsKey() throws Exception {
    var dropped = scene.fault("index of the key dropped, and SIGKILL");
    dropped
        .when(
            () -> {
              alter(dropped, "DROP CONSTRAINT %s_pkey".formatted(dropped.table()));
              scene.undercurrent.kill();
              scene.start();
            })
        .why("unique")
        .until(
            () -> {
              alter(dropped, "ADD PRIMARY KEY (id)");
              scene.console().say("retry " + dropped.table());
            })
        .endsWell();
  }

  @Test
  void waitsForItsFile() throws Exception {
    var removed = scene.fault("file removed, and SIGKILL");
    var kept = scene.directory.resolve("kept.yaml");
    removed
        .when(
            () -> {
              Files.move(file(removed), kept);
              restart();
            })
        .why("no file in jobs/ defines it")
        .until(() -> Files.move(kept, file(removed)))
        .endsWell();
  }

  @Test
  void waitsForAFileThatCanBeRead() throws Exception {
    var broken = scene.fault("file broken, and SIGKILL");
    broken
        .when(
            () -> {
              Files.writeString(file(broken), broken.oracle().job("reed: {}"));
              restart();
            })
        .why("problem")
        .until(() -> Files.writeString(file(broken), broken.oracle().job("")))
        .endsWell();
  }

  @Test
  void goesOnWithAFileThatWasEdited() throws Exception {
    var edited = scene.fault("file edited, and SIGKILL");
    edited
        .when(
            () -> {
              Files.writeString(file(edited), edited.oracle().job("statement-timeout: 7s"));
              restart();
            })
        .endsWell();
  }

  private void restart() throws Exception {
    scene.undercurrent.kill();
    scene.start();
  }

  private Path file(Fault fault) {
    return scene.jobs.resolve(fault.table() + ".yaml");
  }

  private void alter(Fault fault, String how) {
    run("ALTER TABLE %s %s".formatted(fault.table(), how));
  }

  private void run(String sql) {
    Rows.run(scene.server().superuser(), sql);
  }
}
