package io.undercurrent.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.undercurrent.database.Home;
import io.undercurrent.database.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnTokensTests {

  private static final Instant NOW = Instant.parse("2026-11-21T20:00:00Z");

  @TempDir private Path directory;
  private OwnTokens tokens;

  @BeforeEach
  void open() {
    tokens = new OwnTokens(new Home(directory), Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @Test
  void knowsATokenAgainByItsHash() {
    var token = tokens.create("deploy");
    tokens.create("nagios");

    assertThat(tokens.find(token)).map(OwnToken::label).hasValue("deploy");
    assertThat(tokens.find(token + "x")).isEmpty();
    assertThat(tokens.find("")).isEmpty();
    assertThat(tokens.list()).extracting(OwnToken::label).containsExactly("deploy", "nagios");
  }

  @Test
  void seesAtOnceWhatAnotherProcessChanges() {
    var other = new OwnTokens(new Home(directory), Clock.fixed(NOW, ZoneOffset.UTC));
    assertThat(tokens.list()).isEmpty();

    var token = other.create("deploy");
    assertThat(tokens.find(token)).map(OwnToken::label).hasValue("deploy");

    other.revoke("deploy");
    var another = other.create("deploy");
    assertThat(tokens.find(token)).isEmpty();
    assertThat(tokens.find(another)).map(OwnToken::label).hasValue("deploy");
  }

  @Test
  void keepsNoTokenAndNobodyElseReadsTheFile() throws IOException {
    var token = tokens.create("deploy");

    var file = directory.resolve("tokens");
    assertThat(Files.readString(file)).matches("deploy [0-9a-f]{64} 2026-11-21T20:00:00Z\\R");
    assertThat(Files.readString(file)).doesNotContain(token);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void letsARevokedTokenInNoMore() {
    var token = tokens.create("deploy");
    var other = tokens.create("nagios");

    tokens.revoke("deploy");

    assertThat(tokens.find(token)).isEmpty();
    assertThat(tokens.find(other)).map(OwnToken::label).hasValue("nagios");
  }

  @Test
  void keepsThatATokenMayOnlyRead() throws IOException {
    tokens.create("deploy");
    var token = tokens.create("wall", true);

    assertThat(tokens.find(token)).map(OwnToken::readOnly).hasValue(true);
    assertThat(tokens.list()).extracting(OwnToken::readOnly).containsExactly(false, true);
    assertThat(Files.readAllLines(directory.resolve("tokens")))
        .last()
        .asString()
        .matches("wall [0-9a-f]{64} 2026-11-21T20:00:00Z read-only");
  }

  @Test
  void letsNobodyInWithARightThatItDoesNotKnow() throws IOException {
    var token = tokens.create("wall", true);
    var file = directory.resolve("tokens");
    Files.writeString(file, Files.readString(file).replace("read-only", "write-only"));

    assertThat(tokens.find(token)).isEmpty();
  }

  @Test
  void saysWhichTokenIsMeant() {
    tokens.create("deploy");

    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> tokens.revoke("deplay"))
        .withMessage(
            "Token 'deplay' does not exist, did you mean 'deploy'? List them with: token list");
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> tokens.create("deploy"))
        .withMessage(
            "Token 'deploy' exists already. Choose another label, or: token revoke deploy");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "a\nb", "é"})
  void takesNoLabelThatWouldSpoilTheFile(String label) {
    assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> tokens.create(label));
    assertThat(tokens.list()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "label 00 2026-11-21T20:00:00Z"})
  void letsNobodyWaitForALineThatIsNoToken(String line) throws IOException {
    var token = tokens.create("deploy");
    var file = directory.resolve("tokens");
    Files.writeString(file, Files.readString(file) + line + "\n");

    assertThat(tokens.find(token)).map(OwnToken::label).hasValue("deploy");
    assertThatExceptionOfType(RefusedException.class)
        .as("would be lost")
        .isThrownBy(() -> tokens.create("nagios"))
        .withMessage(
            file
                + ":2: expected a label, a SHA-256 and a time, found something else. Remove the line");
  }
}
