package io.undercurrent.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.command.ShippedKinds;
import io.undercurrent.database.RefusedException;
import io.undercurrent.kind.UpdateKinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class JobConfigurationTests {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withBean(UpdateKinds.class, ShippedKinds::all)
          .withUserConfiguration(JobConfiguration.class);

  @TempDir private Path directory;

  @Test
  void readsTheConfiguredDirectory() throws IOException {
    Files.writeString(
        directory.resolve("directory.yaml"),
        """
        updates: [{name: fill_directory, run: SELECT 1}]
        values:
          server_name: ${undercurrent.homeserver.server-name}
          users: ${undercurrent.homeserver.appservices[*].exclusive-users[*]}
        """);

    runner
        .withPropertyValues(
            "undercurrent.jobs-directory=" + directory,
            "undercurrent.homeserver.server-name=example.org",
            "undercurrent.homeserver.appservices[0].sender=@irc:example.org",
            "undercurrent.homeserver.appservices[0].exclusive-users[0]=@irc_.*")
        .run(
            context ->
                assertThat(context.getBean(Jobs.class).get("directory").values())
                    .containsEntry("server_name", "example.org")
                    .containsEntry("users", List.of("@irc_.*")));
  }

  @Test
  void looksIntoTheWorkingDirectoryUnlessConfigured() {
    assertThat(new JobProperties(null).directory()).isEqualTo(Path.of("jobs"));
    assertThat(new JobProperties("").directory()).isEqualTo(Path.of("jobs"));
    assertThat(new JobProperties("src").directory()).isEqualTo(Path.of("src"));
  }

  @Test
  void refusesAConfiguredDirectoryThatIsNotThere() {
    runner
        .withPropertyValues("undercurrent.jobs-directory=" + directory + "/jobs")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .isInstanceOf(RefusedException.class)
                    .hasMessage(
                        "undercurrent.jobs-directory: expected a directory, got '%s/jobs'. Make it,"
                            + " or leave the property out to use jobs/ of the working directory",
                        directory));
  }

  @Test
  void refusesAnAppserviceWithoutASender() {
    runner
        .withInitializer(
            context ->
                context.addBeanFactoryPostProcessor(
                    new LazyInitializationBeanFactoryPostProcessor()))
        .withPropertyValues(
            "undercurrent.homeserver.appservices[0].sender=@irc:example.org",
            "undercurrent.homeserver.appservices[1].exclusive-users[0]=@sms_.*")
        .run(
            context ->
                assertThatThrownBy(() -> context.getBean(Jobs.class))
                    .rootCause()
                    .hasMessage(
                        "undercurrent.homeserver.appservices[1].sender: expected a user id, got"
                            + " nothing"));
  }
}
