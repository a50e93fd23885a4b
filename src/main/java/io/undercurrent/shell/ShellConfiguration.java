package io.undercurrent.shell;

import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.database.Home;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.shell.language.CommandLine;
import io.undercurrent.shell.language.Failures;
import io.undercurrent.shell.language.Help;
import io.undercurrent.shell.language.Names;
import io.undercurrent.shell.language.Session;
import io.undercurrent.shell.language.VerbCompleter;
import io.undercurrent.shell.language.Verbs;
import io.undercurrent.shell.screen.Confirmation;
import io.undercurrent.shell.screen.FullScreen;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Screens;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.screen.Tty;
import io.undercurrent.shell.screen.TypedConfirmation;
import io.undercurrent.shell.verb.AllVerbs;
import io.undercurrent.shell.verb.ObservedWishes;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.shell.view.CachedStatus;
import io.undercurrent.shell.view.Prompt;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Optional;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/** The parts of the console and of the command line. */
@Configuration(proxyBeanMethods = false)
class ShellConfiguration {

  @Bean
  Times times(ObjectProvider<CommandLine> commandLine) {
    return new Times(
        commandLine.stream().map(CommandLine::zone).findFirst().orElseGet(ZoneId::systemDefault));
  }

  @Bean
  Screen screen(ObjectProvider<CommandLine> commandLine, ObjectProvider<Terminal> terminal) {
    return hasConsole(commandLine) ? Screens.of(terminal.getObject()) : Screens.ofProcess();
  }

  private static boolean hasConsole(ObjectProvider<CommandLine> commandLine) {
    return commandLine.stream().anyMatch(CommandLine::opensConsole) && Screens.interactive();
  }

  @Bean
  Backend backend(
      ObjectProvider<BackgroundUpdates> updates,
      ObjectProvider<Databases> databases,
      Opening opening) {
    var opened = SingletonSupplier.of(() -> opening.watch(() -> open(databases)));
    return new Backend(
        () -> {
          opened.obtain();
          return updates.getObject();
        },
        opened::obtain);
  }

  /** The embedded server starts now rather than somewhere in the middle of a verb. */
  private static Databases open(ObjectProvider<Databases> databases) {
    var opened = databases.getObject();
    opened.main();
    return opened;
  }

  @Bean
  Verbs verbs(BeanFactory beans) {
    return AllVerbs.of(beans::getBean);
  }

  @Bean
  Help help(Verbs verbs) {
    return new Help(verbs);
  }

  @Bean
  Failures failures(Screen screen, Environment environment) {
    return new Failures(screen, environment.getProperty("logging.file.name", "the log"));
  }

  @Bean
  Session session(Verbs verbs, Screen screen, Failures failures) {
    return new Session(verbs, screen, failures);
  }

  @Bean
  Confirmation confirmation(
      ObjectProvider<CommandLine> commandLine, ObjectProvider<LineReader> reader) {
    return hasConsole(commandLine)
        ? new TypedConfirmation(reader.getObject())
        : Confirmation.BY_OPTION;
  }

  @Bean
  ObservedWishes observedWishes(Backend backend, Screen screen, Times times, Clock clock) {
    return new ObservedWishes(backend, screen, times, clock);
  }

  @Bean
  Terminal terminal() throws IOException {
    var terminal = TerminalBuilder.builder().system(true).build();
    if (terminal.getWidth() == 0) {
      // A serial line, for example, has no size; there would be dots instead of the prompt.
      terminal.setSize(FullScreen.USUAL);
    }
    return terminal;
  }

  @Bean
  Names names(Backend backend, CachedStatus pulse, Help help) {
    return new Names(
        () -> backend.updates().jobs(),
        pulse::queued,
        () -> backend.databases().names(),
        help.topics());
  }

  @Bean
  Tty tty(ObjectProvider<Terminal> terminal) {
    return () -> Screens.interactive() ? Optional.of(terminal.getObject()) : Optional.empty();
  }

  @Bean
  LineReader lineReader(Terminal terminal, Verbs verbs, Names names, Home home) {
    return LineReaderBuilder.builder()
        .terminal(terminal)
        .appName("undercurrent")
        .completer(new VerbCompleter(verbs, names, terminal::getHeight))
        .variable(LineReader.HISTORY_FILE, home.history())
        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
        // Tab lists; a menu would put one verb after the other on the line, cancel too.
        .option(LineReader.Option.AUTO_MENU, false)
        .build();
  }

  @Bean
  CachedStatus pulse(Backend backend) {
    return new CachedStatus(backend);
  }

  @Bean
  Workplace workplace(
      Session session,
      LineReader reader,
      Screen screen,
      Backend backend,
      CachedStatus pulse,
      Times times,
      Failures failures) {
    var news = new BackgroundNews(backend, times);
    var console = new Console(session, reader, new Prompt(pulse::status, screen), news::take);
    return new Workplace(console, screen, backend, pulse, news, failures);
  }
}
