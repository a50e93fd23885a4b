package io.undercurrent.shell;

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

/** The screens that there are: the console's terminal, or a process's standard streams. */
final class Screens {

  private Screens() {}

  /** Data and everything else on one terminal. */
  static Screen of(Terminal terminal) {
    var writer = terminal.writer();
    return new Screen(writer, writer, terminal::getWidth, true, isUnicode(encoding()));
  }

  /** Standard output and standard error, each of which may be a terminal, a file or a pipe. */
  static Screen ofProcess() {
    var provider = provider();
    var unicode = isUnicode(encoding());
    return new Screen(
        writer(FileDescriptor.out),
        writer(FileDescriptor.err),
        () -> width(provider),
        isTerminal(provider, SystemStream.Error),
        unicode);
  }

  /** Whether somebody can be talked with: the console opens, or lines are read to their end. */
  static boolean interactive() {
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
