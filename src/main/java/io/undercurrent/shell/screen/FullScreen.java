package io.undercurrent.shell.screen;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.utils.AttributedString;
import org.jline.utils.Curses;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/** The whole terminal for one picture and single keys; closing leaves it as it was. */
public final class FullScreen implements AutoCloseable {

  private static final int NO_KEY = -2;
  private static final int END = -1;
  private static final char CTRL_D = 4;
  public static final Size USUAL = new Size(Screen.USUAL_WIDTH, 24);

  private final Terminal terminal;
  private final Attributes before;
  private final Map<Signal, SignalHandler> handlers = new EnumMap<>(Signal.class);
  private final Display display;
  private Size drawn = new Size(0, 0);

  /** Takes a terminal over. Ctrl-C interrupts the thread that does. */
  public FullScreen(Terminal terminal) {
    this.terminal = terminal;
    this.before = terminal.enterRawMode();
    waitForKeys();
    var thread = Thread.currentThread();
    handlers.put(Signal.INT, terminal.handle(Signal.INT, signal -> thread.interrupt()));
    terminal.puts(Capability.enter_ca_mode);
    terminal.puts(Capability.cursor_invisible);
    this.display = new Display(terminal, true);
  }

  /** Whether a terminal can be drawn on. */
  public static boolean isPossible(Terminal terminal) {
    return terminal.getStringCapability(Capability.cursor_address) != null;
  }

  /** JLine has the terminal answer every 100 ms that there is no key. */
  private void waitForKeys() {
    var attributes = terminal.getAttributes();
    attributes.setControlChar(ControlChar.VMIN, 1);
    attributes.setControlChar(ControlChar.VTIME, 0);
    terminal.setAttributes(attributes);
  }

  /** Draws what a picture of the terminal's size has; only what has changed is written. */
  public void draw(Function<Size, List<AttributedString>> picture) {
    var size = size();
    if (!size.equals(drawn)) {
      display.resize(size.getRows(), size.getColumns());
      display.clear();
      drawn = size;
    }
    display.update(picture.apply(size), 0);
  }

  private Size size() {
    var size = terminal.getSize();
    return size.getColumns() > 0 && size.getRows() > 0 ? size : USUAL;
  }

  /**
   * Waits for a key.
   *
   * @return the key, {@code q} where there will be none any more, or nothing when time is up
   */
  public Optional<Character> key(Duration patience) throws InterruptedException {
    try {
      var read = terminal.reader().read(Math.max(1, patience.toMillis()));
      return switch (read) {
        case NO_KEY -> Optional.empty();
        case END, CTRL_D -> Optional.of('q');
        default -> Optional.of((char) read);
      };
    } catch (InterruptedIOException e) {
      throw new InterruptedException();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    leave();
    handlers.forEach(terminal::handle);
    terminal.setAttributes(before);
  }

  /**
   * Past the terminal, which JLine closes on a thread of its own when a signal ends the process.
   */
  private void leave() {
    var sequence =
        Stream.of(Capability.cursor_normal, Capability.exit_ca_mode)
            .map(terminal::getStringCapability)
            .filter(Objects::nonNull)
            .map(Curses::tputs)
            .collect(Collectors.joining());
    try {
      new FileOutputStream(FileDescriptor.out).write(sequence.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
