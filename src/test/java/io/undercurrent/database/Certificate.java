package io.undercurrent.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A certificate that signs itself, made with the JDK's keytool.
 *
 * @param certificate in PEM
 * @param key in PEM
 * @param keyForDriver in DER
 */
record Certificate(Path certificate, Path key, Path keyForDriver) {

  private static final char[] PASSWORD = "changeit".toCharArray();

  /** Makes one for a host. */
  static Certificate make(Path directory, String host)
      throws IOException, InterruptedException, GeneralSecurityException {
    var store = directory.resolve(host + ".p12");
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var exit =
        new ProcessBuilder(
                (keytool
                        + " -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC -genkeypair -alias it -keyalg EC -validity 2 -storetype PKCS12"
                        + " -ext bc:c -ext san=dns:%1$s -dname CN=%1$s -storepass changeit -keystore %2$s")
                    .formatted(host, store)
                    .split(" "))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IllegalStateException("keytool: " + exit);
    }
    var keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    var key = keys.getKey("it", PASSWORD).getEncoded();
    var made =
        new Certificate(
            directory.resolve(host + ".crt"),
            directory.resolve(host + ".key"),
            directory.resolve(host + ".pk8"));
    Files.writeString(made.certificate, pem("CERTIFICATE", keys.getCertificate("it").getEncoded()));
    Files.writeString(made.key, pem("PRIVATE KEY", key));
    Files.setPosixFilePermissions(made.key, PosixFilePermissions.fromString("rw-------"));
    Files.write(made.keyForDriver, key);
    Files.setPosixFilePermissions(made.keyForDriver, PosixFilePermissions.fromString("rw-------"));
    return made;
  }

  private static String pem(String what, byte[] content) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content));
  }
}
