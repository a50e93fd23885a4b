package io.undercurrent.shell.screen;

import io.undercurrent.shell.screen.Screen.Abilities;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;
import org.jline.terminal.Terminal;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;
import org.jspecify.annotations.Nullable;

/** The screens that there are: the console's terminal, or a process's standard streams. */
public final class Screens {

  private Screens() {}

  /** Data and everything else on one terminal. */
  public static Screen of(Terminal terminal) {
    var writer = terminal.writer();
    var abilities = new Abilities(true, true, isUnicode(encoding()), coloured(terminal.getType()));
    return new Screen(writer, writer, terminal::getWidth, abilities);
  }

  /** Standard output and standard error, each of which may be a terminal, a file or a pipe. */
  public static Screen ofProcess() {
    var provider = provider();
    var read = isTerminal(provider, SystemStream.Output);
    return new Screen(
        writer(FileDescriptor.out),
        writer(FileDescriptor.err),
        () -> width(provider),
        new Abilities(
            isTerminal(provider, SystemStream.Error),
            read,
            isUnicode(encoding()),
            read && coloured(System.getenv("TERM"))));
  }

  /** The convention of no-color.org: any value but an empty one switches colours off. */
  private static boolean coloured(@Nullable String terminalType) {
    var noColour = System.getenv("NO_COLOR");
    return (noColour == null || noColour.isEmpty())
        && terminalType != null
        && !terminalType.startsWith("dumb");
  }

  /** Whether there is an operator: the console opens. Without one, lines are read to their end. */
  public static boolean interactive() {
    var provider = provider();
    return isTerminal(provider, SystemStream.Input) && isTerminal(provider, SystemStream.Output);
  }

  private static boolean isUnicode(Charset charset) {
    return charset.newEncoder().canEncode('…');
  }

  private static Charset encoding() {
    return Charset.forName(System.getProperty("native.encoding", "UTF-8"));
  }

  /** In UTF-8 also where the locale knows only ASCII, as other tools do. */
  private static PrintWriter writer(FileDescriptor descriptor) {
    var charset = isUnicode(encoding()) ? encoding() : StandardCharsets.UTF_8;
    OutputStream stream = new FileOutputStream(descriptor);
    return new PrintWriter(stream, true, charset);
  }

  private static Optional<TerminalProvider> provider() {
    try {
      return Optional.of(TerminalProvider.load("jni"));
    } catch (IOException | LinkageError e) {
      // No native library for this platform: plain lines, as for a pipe.
      return Optional.empty();
    }
  }

  private static boolean isTerminal(Optional<TerminalProvider> provider, SystemStream stream) {
    return provider.filter(known -> known.isSystemStream(stream)).isPresent();
  }

  private static int width(Optional<TerminalProvider> provider) {
    Predicate<SystemStream> terminal = stream -> isTerminal(provider, stream);
    return provider
        .filter(known -> terminal.test(SystemStream.Output))
        .map(known -> known.systemStreamWidth(SystemStream.Output))
        .orElse(Screen.USUAL_WIDTH);
  }
}
