package io.undercurrent.shell.system;

import io.undercurrent.command.ShippedKinds;
import io.undercurrent.job.JobSchema;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.screen.Screen;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.stereotype.Component;

/** {@code schema}: what editors know of job files. */
@Component
public final class SchemaVerb {

  private final Screen screen;

  SchemaVerb(Screen screen) {
    this.screen = screen;
  }

  @Command(
      name = "schema",
      group = Groups.CONSOLE,
      description = "The JSON Schema of job files, for editors",
      help =
          """
          Editors with a YAML language server complete keys and mark mistakes by it, in
          files that begin with
            # yaml-language-server: $schema=job-file.schema.json

          Example:
            schema
            undercurrent schema > jobs/job-file.schema.json""")
  void schema() {
    screen.out().print(JobSchema.of(ShippedKinds.all()));
  }
}
