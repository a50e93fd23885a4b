package io.undercurrent.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Requests as bytes on a socket: clients in libraries mend what tests want to send broken.
 *
 * @param port where the server listens
 */
record Http(int port) {

  private static final Duration BETWEEN_DROPS = Duration.ofMillis(300);
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Connects and asks for what is not there, which leaves the connection open. */
  Socket ask() throws IOException {
    var socket = new Socket("127.0.0.1", port);
    socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
    return socket;
  }

  /** Whether what was {@link #ask asked} for is not there, as far as is known within a time. */
  static boolean isAnswered(Socket socket, Duration limit) throws IOException {
    socket.setSoTimeout((int) limit.toMillis());
    try {
      var line = new String(socket.getInputStream().readNBytes(12), ISO_8859_1);
      return line.equals("HTTP/1.1 404");
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  /** Sends a request whose body is text. */
  Response send(String method, String path, List<String> headers, String body) throws IOException {
    return send(method, path, headers, body.getBytes(UTF_8));
  }

  Response send(String method, String path, List<String> headers, byte[] body) throws IOException {
    var lines = new ArrayList<>(List.of(method + " " + path + " HTTP/1.1", "Host: localhost"));
    lines.addAll(headers);
    if (body.length > 0) {
      lines.add("Content-Length: " + body.length);
    }
    lines.add("Connection: close");
    var request = new ByteArrayOutputStream();
    request.writeBytes((String.join("\r\n", lines) + "\r\n\r\n").getBytes(ISO_8859_1));
    request.writeBytes(body);
    return send(request.toByteArray());
  }

  /** Sends bytes as if there were more to come, and reads until the server closes. */
  Response sendPart(byte[] request) throws IOException {
    try (var socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(request);
      return Response.parse(socket.getInputStream().readAllBytes());
    }
  }

  /**
   * Sends bytes, and then more, one at a time.
   *
   * @param drop what is sent again and again
   * @return after what time the server hung up, or the limit if it did not
   */
  Duration drip(byte[] beginning, byte[] drop, Duration limit) {
    var began = System.nanoTime();
    try (var socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout((int) BETWEEN_DROPS.toMillis());
      socket.getOutputStream().write(beginning);
      while (System.nanoTime() - began < limit.toNanos() && !hasHungUp(socket)) {
        socket.getOutputStream().write(drop);
      }
    } catch (IOException e) {
      // It has not even let us write to the end.
    }
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private static boolean hasHungUp(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read(new byte[1000]) < 0;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  /** Sends bytes, says that there are no more, and reads what comes until the server closes. */
  Response send(byte[] request) throws IOException {
    try (var socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(request);
      socket.shutdownOutput();
      return Response.parse(socket.getInputStream().readAllBytes());
    }
  }

  /**
   * What came back.
   *
   * @param status the HTTP status, 0 if nothing came
   * @param headers its header lines
   * @param body its body
   */
  record Response(int status, List<String> headers, String body) {

    static Response parse(byte[] bytes) {
      var text = new String(bytes, ISO_8859_1).replaceFirst("^HTTP/1.1 100 \r\n\r\n", "");
      var end = text.indexOf("\r\n\r\n");
      if (end < 0) {
        return new Response(0, List.of(), text);
      }
      var lines = text.substring(0, end).split("\r\n");
      return new Response(
          Integer.parseInt(lines[0].split(" ")[1]),
          Stream.of(lines).skip(1).toList(),
          text.substring(end + 4));
    }

    /** The values of a header; none if it is not there. */
    List<String> values(String name) {
      var prefix = name.toLowerCase(Locale.ROOT) + ": ";
      return headers.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(line -> line.substring(prefix.length()))
          .toList();
    }
  }
}
