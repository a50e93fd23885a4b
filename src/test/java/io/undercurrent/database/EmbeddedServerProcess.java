package io.undercurrent.database;

import io.undercurrent.database.embedded.EmbeddedServer;
import io.undercurrent.testing.process.JavaCommand;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/** Another process that uses the embedded server until its standard input ends. */
public final class EmbeddedServerProcess {

  private EmbeddedServerProcess() {}

  /** Prints the server's URL once the server is up. */
  public static void main(String[] arguments) throws IOException {
    try (var server =
        new EmbeddedServer(
            new Home(Path.of(arguments[0])), starting -> System.out.println("starting"))) {
      System.out.println(server.settings("master").url());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  public static Process start(Home home) throws IOException {
    return new ProcessBuilder(
            JavaCommand.of(EmbeddedServerProcess.class, List.of(), home.path().toString()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Waits until the server is up and returns its URL. */
  public static String awaitUrl(Process process) throws IOException {
    var output = process.inputReader();
    for (var line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("jdbc:")) {
        return line;
      }
    }
    throw new IllegalStateException("The process ended without a server");
  }
}
