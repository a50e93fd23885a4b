package io.undercurrent.admin.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer to a request, in the reference's words: compact JSON whose keys keep their order.
 *
 * @param status the HTTP status
 * @param body what becomes the JSON
 */
public record Answer(int status, Map<String, ? extends @Nullable Object> body) {

  public static final Answer FAILED = error(500, "M_UNKNOWN", "Internal server error");
  public static final Answer MISSING_TOKEN = error(401, "M_MISSING_TOKEN", "Missing access token");
  public static final Answer LOCKED =
      loginAgain("M_USER_LOCKED", "User account has been locked", true);
  public static final Answer NOT_ADMIN = error(403, "M_FORBIDDEN", "You are not a server admin");

  public static final Answer TOO_SLOW = error(408, "M_UNKNOWN", "Content came too slowly.");
  public static final Answer TOKENS_UNCHECKED =
      error(503, "M_UNKNOWN", "Access tokens cannot be checked now. Try again later.");

  private static final String CACHE_CONTROL = "no-cache, no-store, must-revalidate";

  public static Answer ok(Map<String, ? extends @Nullable Object> body) {
    return new Answer(200, body);
  }

  public static Answer error(int status, String errcode, String error) {
    var body = new LinkedHashMap<String, Object>();
    body.put("errcode", errcode);
    body.put("error", error);
    return new Answer(status, body);
  }

  /** An answer to a request that is not in the API, or is not even HTTP. */
  public static Answer unrecognized(int status) {
    return error(status, "M_UNRECOGNIZED", "Unrecognized request");
  }

  /** An answer about a token, which also says whether its holder should just log in again. */
  public static Answer unknownToken(String error, boolean softLogout) {
    return loginAgain("M_UNKNOWN_TOKEN", error, softLogout);
  }

  private static Answer loginAgain(String errcode, String error, boolean softLogout) {
    var body = new LinkedHashMap<String, Object>();
    body.put("errcode", errcode);
    body.put("error", error);
    body.put("soft_logout", softLogout);
    return new Answer(401, body);
  }

  /** Writes an answer, or a refusal in its place. */
  public static void write(HttpServletResponse response, Supplier<Answer> answer)
      throws IOException {
    // Not in an exception handler: finding one costs more than the rest of a bad request.
    answerOf(answer).write(response);
  }

  private static Answer answerOf(Supplier<Answer> answer) {
    try {
      return answer.get();
    } catch (Refusal refusal) {
      return refusal.answer();
    }
  }

  public void write(HttpServletResponse response) throws IOException {
    write(response, status, PythonJson.write(body));
  }

  /**
   * Writes JSON in a form of its own.
   *
   * @param json in ASCII
   */
  public static void write(HttpServletResponse response, int status, String json)
      throws IOException {
    var bytes = json.getBytes(US_ASCII);
    response.setStatus(status);
    response.setContentType("application/json");
    response.setHeader("Cache-Control", CACHE_CONTROL);
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }
}
