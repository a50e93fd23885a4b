package io.undercurrent.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;

/** Requests that are right in places and wrong in others. */
final class RandomRequests {

  private static final List<String> METHODS =
      List.of("GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "X", "");
  private static final List<String> PATHS =
      List.of("status", "enabled", "start_job", "start_job", "enabled/", "%73tatus", "..", "");
  private static final List<String> QUERIES =
      List.of("", "", "", "?", "?access_token=x", "?a=%zz&b", "?access_token=%00", "?\u00ff", "#x");
  private static final List<String> BODIES =
      List.of(
          "",
          "{}",
          "{\"enabled\":true}",
          "{\"enabled\":false}",
          "{\"enabled\":nul}",
          "{\"job_name\":\"nothing\"}",
          "{\"job_name\":\"count\"}",
          "[[[[",
          "\"");
  private static final List<String> HEADERS =
      List.of(
          "Accept: x;;",
          "Content-Type: ;",
          "Content-Type: application/x-www-form-urlencoded",
          "Content-Type: multipart/form-data",
          "Content-Encoding: gzip",
          "Expect: 100-continue",
          "Transfer-Encoding: chunked",
          "Transfer-Encoding: x",
          "Content-Length: -1",
          "Content-Length: 99999999999999999999",
          "Cookie: JSESSIONID=x",
          "Range: bytes=0-1",
          "X-HTTP-Method-Override: DELETE",
          "X-Forwarded-For: 1.2.3.4",
          "Origin: null",
          "Upgrade: h2c",
          "If-Modified-Since: never",
          "no colon",
          ": empty",
          "X: \u0000");

  private final Random random;
  private final String token;

  RandomRequests(Random random, String token) {
    this.random = random;
    this.token = token;
  }

  byte[] next() {
    var body = random.nextInt(4) == 0 ? noise(random.nextInt(2000)) : bytes(one(BODIES));
    var head =
        new StringBuilder(one(METHODS))
            .append(' ')
            .append(random.nextInt(20) == 0 ? text(noise(30)) : Routes.BASE + one(PATHS))
            .append(one(QUERIES))
            .append(random.nextInt(20) == 0 ? " HTTP/9.9" : " HTTP/1.1")
            .append("\r\n");
    if (random.nextInt(20) > 0) {
      head.append("Host: localhost\r\n");
    }
    if (random.nextInt(3) > 0) {
      head.append("Authorization: Bearer ").append(token).append("\r\n");
    }
    for (var i = random.nextInt(3); i > 0; i--) {
      head.append(random.nextInt(10) == 0 ? text(noise(20)) : one(HEADERS)).append("\r\n");
    }
    if (body.length > 0 && random.nextInt(10) > 0) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    head.append("Connection: close\r\n\r\n");
    var request = new ByteArrayOutputStream();
    request.writeBytes(bytes(head.toString()));
    request.writeBytes(body);
    return request.toByteArray();
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private byte[] noise(int length) {
    var noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private static String text(byte[] bytes) {
    // A line's end would make two requests of one.
    return new String(bytes, ISO_8859_1).replaceAll("[\r\n]", " ");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
