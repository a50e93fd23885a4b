package io.undercurrent.testing.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The archive that the build makes, unpacked and linked to as an operator would. */
public final class Distribution {

  private static final String HERE = "current";

  private final Path directory;

  private Distribution(Path directory) {
    this.directory = directory;
  }

  public static Distribution unpack(Path directory) throws Exception {
    var distribution = new Distribution(directory);
    var archive = System.getProperty("undercurrent.distribution");
    var unpacked =
        distribution.run(Map.of(), "", "tar", "xzf", archive, "-C", directory.toString());
    assertThat(unpacked.exitCode()).isZero();
    try (var unpackedInto = Files.newDirectoryStream(directory, "undercurrent-*")) {
      Files.createSymbolicLink(directory.resolve(HERE), unpackedInto.iterator().next());
    }
    Files.createDirectory(directory.resolve("a place"));
    Files.createSymbolicLink(
        directory.resolve("a place/undercurrent"), Path.of("../current/bin/undercurrent"));
    return distribution;
  }

  /** A file in it. */
  public Path file(String name) {
    return directory.resolve(HERE).resolve(name);
  }

  /** Runs its launcher. */
  public Result undercurrent(String... words) throws Exception {
    return undercurrent(Map.of(), "", words);
  }

  /**
   * Runs its launcher.
   *
   * @param input what it finds on its standard input
   */
  public Result undercurrent(Map<String, String> environment, String input, String... words)
      throws Exception {
    var command = new ArrayList<>(List.of(directory.resolve("a place/undercurrent").toString()));
    command.addAll(List.of(words));
    return run(environment, input, command.toArray(String[]::new));
  }

  public Result run(Map<String, String> environment, String input, String... command)
      throws Exception {
    var in = Files.writeString(Files.createTempFile(directory, "in", ""), input);
    var out = Files.createTempFile(directory, "out", "");
    var err = Files.createTempFile(directory, "err", "");
    var builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("UNDERCURRENT_HOME", directory.resolve("a home").toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    var process = builder.start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** What a process left. */
  public record Result(int exitCode, String out, String err) {}
}
