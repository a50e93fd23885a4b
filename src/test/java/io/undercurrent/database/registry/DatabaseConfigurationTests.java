package io.undercurrent.database.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Home;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class DatabaseConfigurationTests {

  private final ApplicationContextRunner context =
      new ApplicationContextRunner().withUserConfiguration(DatabaseConfiguration.class);

  @Test
  void makesTheDatabasesOnlyWhenAsked() {
    context
        .withPropertyValues("undercurrent.databases[0].url=jdbc:mysql://a/b")
        .run(
            started -> {
              assertThat(started).hasNotFailed();
              assertThat(
                      started
                          .getSourceApplicationContext()
                          .getBeanFactory()
                          .containsSingleton("databases"))
                  .isFalse();
            });
  }

  @Test
  void offersWhatIsConfigured() {
    context
        .withPropertyValues(
            "undercurrent.home=/srv/undercurrent",
            "undercurrent.databases.state.url=jdbc:postgresql://a/b")
        .run(
            started -> {
              assertThat(started.getBean(Databases.class).names()).containsExactly("state");
              assertThat(started.getBean(Home.class).path())
                  .isEqualTo(Path.of("/srv/undercurrent"));
            });
  }
}
