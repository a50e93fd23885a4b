package io.undercurrent.admin.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/** The body of a request: a JSON object, of limited size, in limited time. */
public final class RequestBody {

  public static final int MOST_BYTES = 64 * 1024;

  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private RequestBody() {}

  /**
   * Reads it, whatever its Content-Type says.
   *
   * @throws Refusal if it is not a JSON object, is too large or comes too slowly
   */
  public static ObjectNode read(HttpServletRequest request) {
    var text = text(bytes(request));
    var json = text.isEmpty() || text.charAt(0) == BYTE_ORDER_MARK ? null : PythonJson.read(text);
    if (json == null) {
      throw notJson();
    }
    if (json instanceof ObjectNode object) {
      return object;
    }
    throw new Refusal(400, "M_BAD_JSON", "Content must be a JSON object.");
  }

  private static byte[] bytes(HttpServletRequest request) {
    if (request.getContentLengthLong() > MOST_BYTES) {
      throw tooLarge();
    }
    var deadline = System.nanoTime() + LONGEST.toNanos();
    var bytes = new ByteArrayOutputStream();
    var buffer = new byte[8192];
    try {
      var in = request.getInputStream();
      for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        bytes.write(buffer, 0, read);
        if (bytes.size() > MOST_BYTES) {
          throw tooLarge();
        }
        if (System.nanoTime() > deadline) {
          throw new Refusal(Answer.TOO_SLOW);
        }
      }
    } catch (IOException e) {
      // Tomcat has set a status already, and the valve of the routes answers it.
      throw notJson();
    }
    return bytes.toByteArray();
  }

  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw notJson();
    }
  }

  private static Refusal notJson() {
    return new Refusal(400, "M_NOT_JSON", "Content not JSON.");
  }

  private static Refusal tooLarge() {
    return new Refusal(413, "M_TOO_LARGE", "Content larger than 64 KiB.");
  }
}
