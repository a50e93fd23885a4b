package io.undercurrent;

import io.undercurrent.shell.LogsInHome;
import io.undercurrent.shell.StartNotice;
import io.undercurrent.shell.language.CommandLine;
import io.undercurrent.shell.verb.AllVerbs;
import io.undercurrent.time.TimeSource;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.TimeZone;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.modulith.Modulithic;

/**
 * Starts Undercurrent: the console without arguments, one verb with them.
 *
 * <p>Without Spring Boot's auto-configuration: databases, batch tables and shell are set up here,
 * HTTP imports what it needs, and conditions take time before the prompt.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ComponentScan
@Modulithic
public class UndercurrentApplication {

  public static void main(String[] args) {
    // Ports, SQL and JSON are written with formats too, and Arabic has other digits.
    Locale.setDefault(Locale.ROOT);
    // Before the next line: it remembers the operator's time zone.
    var commandLine = CommandLine.of(args);
    // Spring Batch writes LocalDateTime.now() into columns without a zone, and no setting changes
    // that:
    // in any other zone, an hour would come twice in autumn, and no two processes would agree.
    TimeZone.setDefault(TimeZone.getTimeZone(ZoneOffset.UTC));
    System.exit(commandLine.answer(AllVerbs.described()).orElseGet(() -> run(commandLine)));
  }

  private static int run(CommandLine commandLine) {
    try {
      var application = new SpringApplication(UndercurrentApplication.class);
      application.addListeners(new StartNotice(commandLine), new LogsInHome());
      application.addInitializers(
          context -> context.getBeanFactory().registerSingleton("commandLine", commandLine));
      // Not by SpringApplication.exit: it prints a stack trace where a signal has closed the
      // context.
      try (var context = application.run(commandLine.properties().toArray(String[]::new))) {
        return context.getBean(ExitCodeGenerator.class).getExitCode();
      }
    } catch (RuntimeException e) {
      return CommandLine.NOT_STARTED;
    }
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  TimeSource timeSource() {
    return TimeSource.SYSTEM;
  }
}
