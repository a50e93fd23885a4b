package io.undercurrent.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.iteration.Beans;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in the documents compiles, loads and does what it says. */
@PostgresTest
class DocumentedModuleTests {

  private static final Path PAGE = Path.of("src/docs/beans.md");
  private static final Pattern FILE =
      Pattern.compile("```\\w+\\n(?://|#) (\\S+)\\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path directory;

  @Test
  void bringsTheProcessorThatAJobFileNames(Database database) throws Exception {
    Rows.run(
        database,
        "CREATE TABLE articles (id int PRIMARY KEY, title text NOT NULL, slug text)",
        "INSERT INTO articles VALUES (1, 'Déjà vu, again', NULL), (2, 'x', 'kept')");
    writeFiles();
    compile();

    try (var engine =
        new JobEngine(
            JobEngine.jobs(directory.resolve("jobs")),
            new RunnerContext(new ScriptedController().controller(), beansOfTheModule()),
            database.settings())) {
      assertThat(engine.updates.check("master", "slugs").problems()).isEmpty();
      engine.updates.start("master", "slugs");
      engine.run().awaitEmptyQueue();
    }

    assertThat(Rows.of(database, "SELECT slug FROM articles ORDER BY id"))
        .containsExactly("deja-vu-again", "kept");
  }

  private void writeFiles() throws IOException {
    var files = FILE.matcher(Files.readString(PAGE)).results().toList();
    for (var file : files) {
      var path = directory.resolve(file.group(1));
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.group(2));
    }
    assertThat(files).hasSize(3);
  }

  private void compile() throws IOException {
    Files.createDirectories(directory.resolve("modules"));
    run("javac", "-d", path("build"), path("SlugModule.java"));
    run("jar", "--create", "--file", path("modules/slug.jar"), "-C", path("build"), ".");
  }

  private String path(String file) {
    return directory.resolve(file).toString();
  }

  private static void run(String tool, String... arguments) {
    assertThat(ToolProvider.findFirst(tool).orElseThrow().run(System.out, System.err, arguments))
        .isZero();
  }

  private Beans beansOfTheModule() {
    var properties =
        new ModuleProperties(
            List.of(new ModuleProperties.Entry("SlugModule", Map.of())), path("modules"));
    var beans = new Modules(properties).start(Controller.builtIn()).beans();
    return new Beans() {
      @Override
      public <T> T get(String name, Class<T> type) {
        return type.cast(beans.find(name).orElseThrow().bean());
      }
    };
  }
}
