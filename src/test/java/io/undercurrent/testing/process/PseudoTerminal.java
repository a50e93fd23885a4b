package io.undercurrent.testing.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jline.builtins.ScreenTerminal;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.impl.jni.JniNativePty;
import org.jline.terminal.impl.jni.JniTerminalProvider;

/** A process on a real pseudo-terminal of 80 columns and 24 lines, which is its controlling one. */
public final class PseudoTerminal implements AutoCloseable {

  private final JniNativePty pty;
  private final Process process;
  private final Attributes before;
  private final ScreenTerminal screen = new ScreenTerminal(80, 24);
  private final StringBuffer raw = new StringBuffer();

  private PseudoTerminal(JniNativePty pty, Process process, Attributes before) {
    this.pty = pty;
    this.process = process;
    this.before = before;
  }

  public static PseudoTerminal start(List<String> command) throws IOException {
    return start(command, new Size(80, 24));
  }

  /** The same where the terminal says that it is of another size, or of none. */
  public static PseudoTerminal start(List<String> command, Size told) throws IOException {
    var pty = (JniNativePty) new JniTerminalProvider().open(null, told);
    var before = pty.getAttr();
    var terminal = new File(pty.getName());
    var controlled = new ArrayList<>(List.of("setsid", "--ctty", "--wait"));
    controlled.addAll(JavaCommand.interruptible(command));
    var builder = new ProcessBuilder(controlled);
    builder.environment().put("TERM", "xterm");
    builder.environment().remove("NO_COLOR");
    var process =
        builder.redirectInput(terminal).redirectOutput(terminal).redirectError(terminal).start();
    var started = new PseudoTerminal(pty, process, before);
    var reader = new Thread(started::read, "pseudo-terminal");
    reader.setDaemon(true);
    reader.start();
    return started;
  }

  private void read() {
    var buffer = new char[4096];
    try (var input = new InputStreamReader(pty.getMasterInput(), StandardCharsets.UTF_8)) {
      for (var n = 0; n >= 0; n = input.read(buffer)) {
        var text = new String(buffer, 0, n);
        raw.append(text);
        screen.write(text);
      }
    } catch (IOException e) {
      // The terminal was closed.
    }
  }

  public void type(String keys) throws IOException {
    pty.getMasterOutput().write(keys.getBytes(StandardCharsets.UTF_8));
    pty.getMasterOutput().flush();
  }

  /** What stands on the screen now, its lines joined by blanks. */
  public String screen() {
    return screen.toString().lines().map(String::strip).collect(Collectors.joining(" "));
  }

  /** Everything that was shown so far, with its control sequences. */
  public String raw() {
    return raw.toString();
  }

  public Process process() {
    return process;
  }

  /** Whether the terminal has the settings that it had before the process. */
  public boolean isAsBefore() throws IOException {
    return pty.getAttr().toString().equals(before.toString());
  }

  @Override
  public void close() throws IOException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    pty.close();
  }
}
