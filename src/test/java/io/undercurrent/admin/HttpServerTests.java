package io.undercurrent.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.undercurrent.access.OwnTokens;
import io.undercurrent.admin.metrics.RequestMeter;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.database.Home;
import io.undercurrent.database.RefusedException;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.iteration.Beans;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.ScriptedController;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Where and how it listens; no database has to be up for that. */
class HttpServerTests {

  private static final String PASSWORD = "changeit";
  private static final Logger ROOT = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private static final java.util.logging.Logger TOMCAT =
      java.util.logging.Logger.getLogger("org.apache");

  @TempDir private static Path keys;
  @TempDir private Path home;

  private final Logger logger = (Logger) LoggerFactory.getLogger(HttpServer.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final ListAppender<ILoggingEvent> reloads = new ListAppender<>();
  private JobEngine engine;
  private OwnTokens tokens;
  private String token = "";

  @BeforeAll
  static void keepTomcatQuiet() {
    TOMCAT.setLevel(java.util.logging.Level.WARNING);
  }

  @BeforeAll
  static void makeKeyPair() throws Exception {
    makeKeyPair("api");
    link("renewed.crt", "api.crt");
    link("renewed.key", "api.key");
  }

  private static void makeKeyPair(String name) throws Exception {
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var command =
        "%s -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC -genkeypair -alias %s -keyalg EC -dname CN=localhost -ext SAN=dns:localhost -storetype PKCS12 -storepass %s -keystore %s"
            .formatted(keytool, name, PASSWORD, keys.resolve("api.p12"));
    assertThat(new ProcessBuilder(command.split(" ")).start().waitFor()).isZero();
    writePem(name + ".crt", "CERTIFICATE", certificate(name).getEncoded());
    writePem(name + ".key", "PRIVATE KEY", key(name));
  }

  /** As some programs renew certificates. */
  private static void link(String name, String file) throws IOException {
    Files.deleteIfExists(keys.resolve(name));
    Files.createSymbolicLink(keys.resolve(name), keys.resolve(file));
  }

  private static Certificate certificate(String name) throws GeneralSecurityException, IOException {
    return store().getCertificate(name);
  }

  private static byte[] key(String name) throws GeneralSecurityException, IOException {
    return store().getKey(name, PASSWORD.toCharArray()).getEncoded();
  }

  private static KeyStore store() throws GeneralSecurityException, IOException {
    return KeyStore.getInstance(keys.resolve("api.p12").toFile(), PASSWORD.toCharArray());
  }

  private static void writePem(String file, String kind, byte[] content) throws IOException {
    Files.writeString(
        keys.resolve(file),
        "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
            .formatted(kind, Base64.getMimeEncoder().encodeToString(content)));
  }

  @BeforeEach
  void listen() {
    engine =
        new JobEngine(
            JobEngine.jobs(home),
            new RunnerContext(new ScriptedController().controller(), Beans.NONE),
            new DatabaseSettings("master", "jdbc:postgresql://localhost:1/x", "anna", null));
    tokens = new OwnTokens(new Home(home), Clock.systemUTC());
    token = tokens.create("test");
    logged.start();
    logger.addAppender(logged);
    reloads.start();
    ROOT.addAppender(reloads);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(logged);
    ROOT.detachAppender(reloads);
    engine.close();
  }

  @Test
  void speaksTlsWithABundle() throws Exception {
    var server = started("0.0.0.0", "api");

    var answer = getOverTls(server.port());
    var clear = send(server.port());

    server.stop();
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"enabled\":true}");
    assertThat(clear.status()).as("without TLS").isEqualTo(400);
    assertThat(clear.body()).doesNotContain("enabled");
    assertThat(warnings()).isEmpty();
  }

  @Test
  void takesACertificateThatHasReplacedItsOwn() throws Exception {
    var server = started("127.0.0.1", "renewed");
    makeKeyPair("next");
    assertThat(shown(server)).isEqualTo(certificate("api"));

    Files.delete(keys.resolve("renewed.crt"));
    Files.writeString(keys.resolve("renewed.crt"), "half a file");
    await().untilAsserted(() -> assertThat(reloads.list).anyMatch(HttpServerTests::failed));
    assertThat(shown(server)).as("with a file that is none").isEqualTo(certificate("api"));

    link("renewed.key", "next.key");
    link("renewed.crt", "next.crt");
    await().until(() -> shown(server).equals(certificate("next")));
    server.stop();
  }

  private static boolean failed(ILoggingEvent event) {
    return event.getFormattedMessage().contains("SSL reload error");
  }

  /** The certificate that a new connection is shown. */
  private static Certificate shown(HttpServer server) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Trusting()}, null);
    try (var socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port())) {
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  @Test
  void warnsThatTokensCanBeReadWithoutTls() throws Exception {
    var server = started("0.0.0.0", null);

    var answer = send(server.port());

    server.stop();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(warnings())
        .containsExactly(
            "HTTP at http://0.0.0.0:0 is without TLS: tokens can be read on the network. Set undercurrent.admin.ssl-bundle");
  }

  @Test
  void doesNotWarnWhereNobodyElseListens() throws Exception {
    started("127.0.0.1", null).stop();

    assertThat(warnings()).isEmpty();
  }

  @Test
  void namesTheBundlesThereAre() {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> started("127.0.0.1", "app"))
        .withMessage(
            "undercurrent.admin.ssl-bundle: expected one of the bundles under spring.ssl.bundle.pem and spring.ssl.bundle.jks (api, broken, renewed), got 'app'");
  }

  @Test
  void saysWhatIsWrongWithABundle() {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> started("127.0.0.1", "broken"))
        .withMessageStartingWith(
            "undercurrent.admin.ssl-bundle: expected a usable bundle of spring.ssl.bundle, got 'broken' (")
        .withMessageContaining("none.crt");
  }

  @Test
  void refusesEverybodyWhereThereIsNoToken() throws Exception {
    tokens.revoke("test");
    var server = started("127.0.0.1", null);

    var revoked = send(server.port());
    var none = new Http(server.port()).send("GET", Routes.BASE + "enabled", List.of(), "");

    server.stop();
    assertThat(revoked.status()).isEqualTo(401);
    assertThat(revoked.body())
        .isEqualTo(
            "{\"errcode\":\"M_UNKNOWN_TOKEN\",\"error\":\"Invalid access token passed.\",\"soft_logout\":false}");
    assertThat(none.status()).isEqualTo(401);
    assertThat(none.body())
        .isEqualTo("{\"errcode\":\"M_MISSING_TOKEN\",\"error\":\"Missing access token\"}");
    assertThat(warnings())
        .containsExactly(
            "There is no token yet, so every request is refused. Make one with: token create LABEL");
  }

  @Test
  void doesNotStartWithALineThatIsNoToken() throws IOException {
    Files.writeString(home.resolve("tokens"), "test secret\n");

    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> started("127.0.0.1", null))
        .withMessage(
            "%s:1: expected a label, a SHA-256 and a time, found something else. Remove the line",
            home.resolve("tokens"));
  }

  @Test
  void doesNotStartAtAnAddressOfAnotherMachine() {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> started("192.0.2.1", null))
        .withMessageStartingWith(
            "undercurrent.admin: expected an address of this machine and a port that this user may open, got http://192.0.2.1:0 (");
  }

  @Test
  void saysThatTokensCannotBeCheckedWithoutTheirFile() throws Exception {
    var server = started("127.0.0.1", null);
    Files.delete(home.resolve("tokens"));
    Files.createDirectory(home.resolve("tokens"));

    var answer = send(server.port());

    server.stop();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body())
        .isEqualTo(
            "{\"errcode\":\"M_UNKNOWN\",\"error\":\"Access tokens cannot be checked now. Try again later.\"}");
  }

  @Test
  void keepsWhoComesAfterTwoHundredWaitingUntilOneLeaves() throws Exception {
    var server = started("127.0.0.1", null);
    var connections = new ArrayList<Socket>();
    var http = new Http(server.port());
    for (var i = 0; i < TomcatSettings.MOST_CONNECTIONS; i++) {
      connections.add(http.ask());
    }

    for (var each : connections) {
      assertThat(Http.isAnswered(each, Http.PATIENCE)).isTrue();
    }
    var next = http.ask();
    assertThat(Http.isAnswered(next, Duration.ofMillis(300))).isFalse();
    connections.get(100).close();

    assertThat(Http.isAnswered(next, Http.PATIENCE)).isTrue();
    connections.add(next);
    for (var each : connections) {
      each.close();
    }
    server.stop();
  }

  private HttpServer started(String address, @Nullable String bundle) throws IOException {
    var properties =
        new AdminProperties(true, InetAddress.getByName(address), 0, bundle, 8010, false);
    var environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", bundles()));
    var server =
        new HttpServer(
            properties,
            environment,
            new RequestMeter(new SimpleMeterRegistry(), Routes::isPath),
            this::services);
    server.start();
    return server;
  }

  private static Map<String, Object> bundles() {
    return Map.of(
        "spring.ssl.bundle.pem.renewed.keystore.certificate", "file:" + keys.resolve("renewed.crt"),
        "spring.ssl.bundle.pem.renewed.keystore.private-key", "file:" + keys.resolve("renewed.key"),
        "spring.ssl.bundle.pem.renewed.reload-on-update", "true",
        "spring.ssl.bundle.watch.file.quiet-period", "100ms",
        "spring.ssl.bundle.pem.api.keystore.certificate", "file:" + keys.resolve("api.crt"),
        "spring.ssl.bundle.pem.api.keystore.private-key", "file:" + keys.resolve("api.key"),
        "spring.ssl.bundle.jks.broken.keystore.location", "file:" + keys.resolve("none.crt"));
  }

  private AdminServices services() {
    return new AdminServices(engine.updates, engine.databases, tokens, Clock.systemUTC());
  }

  private Http.Response send(int port) throws IOException {
    var bearer = List.of("Authorization: Bearer " + token);
    return new Http(port).send("GET", Routes.BASE + "enabled", bearer, "");
  }

  private HttpResponse<String> getOverTls(int port) throws Exception {
    var uri = URI.create("https://localhost:%d%senabled".formatted(port, Routes.BASE));
    var request = HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build();
    var client = HttpClient.newBuilder().sslContext(trusting()).build();
    return client.send(request, BodyHandlers.ofString());
  }

  /** Trusts everybody. */
  private static final class Trusting extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private static SSLContext trusting() throws GeneralSecurityException, IOException {
    var certificates = KeyStore.getInstance("PKCS12");
    certificates.load(null, null);
    certificates.setCertificateEntry("api", store().getCertificate("api"));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(certificates);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private List<String> warnings() {
    return logged.list.stream()
        .filter(event -> event.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }
}
