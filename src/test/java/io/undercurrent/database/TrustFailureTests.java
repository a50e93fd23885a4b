package io.undercurrent.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustFailureTests {

  @TempDir private static Path directory;

  private static Certificate ours;
  private static Certificate strangers;
  private static Certificate namesakes;
  private static EmbeddedPostgres server;

  @BeforeAll
  static void startServer() throws Exception {
    ours = Certificate.make(directory, "localhost");
    strangers = Certificate.make(directory, "stranger.test");
    namesakes = Certificate.make(Files.createDirectory(directory.resolve("other")), "localhost");
    server =
        EmbeddedPostgres.builder()
            .setPGStartupWait(Duration.ofMinutes(1))
            .setLocaleConfig("locale", "C")
            .setServerConfig("ssl", "on")
            .setServerConfig("ssl_cert_file", ours.certificate().toString())
            .setServerConfig("ssl_key_file", ours.key().toString())
            .setServerConfig("ssl_ca_file", ours.certificate().toString())
            .start();
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  @Test
  void trustsTheServerThatTheUrlAsksFor() {
    connect("localhost", "verify-full&sslrootcert=" + ours.certificate());
  }

  @Test
  void refusesAServerWhoseCertificateIsNotKnown() {
    assertThatThrownBy(
            () -> connect("localhost", "verify-full&sslrootcert=" + strangers.certificate()))
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessage(
            "Database 'master': expected a connection to localhost:%d/postgres that is encrypted as its configured url requires, got: unable to find valid certification path to requested target (SQLSTATE 08006). In the url, let sslrootcert name the certificate that signed the server's, sslcert and sslkey one that the server accepts, and the host be one that the server's certificate names; or choose another sslmode",
            server.getPort());
  }

  @Test
  void refusesAServerThatIsAnotherHost() {
    assertThatThrownBy(() -> connect("127.0.0.1", "verify-full&sslrootcert=" + ours.certificate()))
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessageContaining(
            "got: The hostname 127.0.0.1 could not be verified by hostnameverifier PgjdbcHostnameVerifier. (SQLSTATE 08006).");
    connect("127.0.0.1", "verify-ca&sslrootcert=" + ours.certificate());
  }

  @Test
  void refusesCertificatesThatAreNotThere() {
    assertThatThrownBy(() -> connect("localhost", "verify-ca&sslrootcert=/nowhere/root.crt"))
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessageContaining(
            "got: /nowhere/root.crt (No such file or directory) (SQLSTATE 08006)");
  }

  @Test
  void refusesALoginWithACertificateThatTheServerDoesNotKnow() {
    assertThatThrownBy(
            () ->
                connect(
                    "localhost",
                    "require&sslcert=%s&sslkey=%s"
                        .formatted(namesakes.certificate(), namesakes.keyForDriver())))
        .isExactlyInstanceOf(RefusedException.class)
        // The alert gets lost where the server hangs up before our last bytes.
        .hasMessageMatching(".*, got: (Received fatal alert: |the server hung up 3 times).*")
        .hasMessageContaining("sslcert");
  }

  @Test
  void takesAHandshakeThatTheNetworkCutForDown() {
    for (var cut : new IOException[] {new EOFException("cut"), new SocketException("reset")}) {
      var handshake = new SSLHandshakeException("Remote host terminated the handshake");
      handshake.initCause(cut);

      assertThat(SqlFailure.of(new SQLException("failed", "08006", handshake)).down()).isTrue();
    }
    assertThat(SqlFailure.of(new SQLException("failed", "08006", new SSLException("x"))).down())
        .isTrue();
  }

  private static void connect(String host, String sslMode) {
    var url =
        "jdbc:postgresql://%s:%d/postgres?sslmode=%s".formatted(host, server.getPort(), sslMode);
    try (var database = new Database(new DatabaseSettings("master", url, "postgres", null))) {
      assertThat(database.jdbc().sql("SELECT 1").query(Integer.class).single()).isEqualTo(1);
    }
  }
}
