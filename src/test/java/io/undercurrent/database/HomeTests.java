package io.undercurrent.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.registry.DatabasesProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

class HomeTests {

  @Test
  void isInTheUsersHomeUnlessConfigured() {
    var userHome = Path.of(System.getProperty("user.home"));

    assertThat(DatabasesProperties.home(new MockEnvironment()).path())
        .isEqualTo(userHome.resolve(".undercurrent"));
    assertThat(home("").path()).isEqualTo(userHome.resolve(".undercurrent"));
    assertThat(home("~/other").path()).isEqualTo(userHome.resolve("other"));
    assertThat(home("/srv/~x").path()).isEqualTo(Path.of("/srv/~x"));
    assertThat(home("here").path()).isEqualTo(Path.of("here").toAbsolutePath());
  }

  @Test
  void isMadeForItsOwnerAloneWhenFirstUsed(@TempDir Path parent) throws IOException {
    var home = new Home(parent.resolve("a/b"));
    assertThat(parent).isEmptyDirectory();

    assertThat(home.logs()).isEqualTo(parent.resolve("a/b/logs")).isDirectory();
    assertThat(home.postgres()).isEqualTo(parent.resolve("a/b/postgres")).isDirectory();
    assertThat(home.history()).isEqualTo(parent.resolve("a/b/history")).doesNotExist();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.directory())))
        .isEqualTo("rwx------");
  }

  @Test
  void saysWhenItCannotBeMade(@TempDir Path parent) throws IOException {
    var file = Files.createFile(parent.resolve("file"));

    assertThatThrownBy(() -> new Home(file.resolve("home")).directory())
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessageStartingWith(
            "undercurrent.home: expected a directory that can be made and written, found '"
                + file.resolve("home"));
  }

  private static Home home(String value) {
    return DatabasesProperties.home(new MockEnvironment().withProperty("undercurrent.home", value));
  }
}
