package io.undercurrent.admin;

import io.undercurrent.admin.http.Answer;
import io.undercurrent.admin.page.PageHeaders;
import io.undercurrent.admin.page.PagePaths;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Lets the requests of the API and of the page through and nothing else: the first of the
 * reference's checks, before authentication. Also answers requests that failed without an answer.
 *
 * <p>A valve of the engine rather than a servlet filter, because it has to see every request with
 * its path as it was sent: Tomcat 11.0 leads requests that it cannot read past all filters and
 * servlets, and decodes and normalizes paths before it chooses one.
 */
final class Routes extends ValveBase {

  static final String BASE = "/_synapse/admin/v1/background_updates/";

  private static final Map<String, Set<String>> METHODS =
      Map.of(
          BASE + "status", Set.of("GET", "HEAD"),
          BASE + "enabled", Set.of("GET", "HEAD", "POST"),
          BASE + "start_job", Set.of("POST"));

  Routes() {
    super(true);
  }

  /** Whether there is something at a path. */
  static boolean isPath(String path) {
    return METHODS.containsKey(path) || PagePaths.METHODS.containsKey(path);
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    var ofPage = PagePaths.isOfPage(request.getRequestURI());
    if (ofPage) {
      PageHeaders.set(response);
    } else {
      allowOtherOrigins(response);
    }
    if (request.getRequestURI() == null || request.getMethod() == null) {
      // Tomcat could not read the request's first line.
      answer(response, Answer.unrecognized(Response.SC_BAD_REQUEST));
      return;
    }
    if (request.getMethod().equals("OPTIONS") && !ofPage) {
      answerOptions(response);
      return;
    }
    var methods = (ofPage ? PagePaths.METHODS : METHODS).get(request.getRequestURI());
    if (methods == null) {
      answer(response, Answer.unrecognized(Response.SC_NOT_FOUND));
    } else if (!methods.contains(request.getMethod())) {
      var allowed = String.join(", ", new TreeSet<>(methods));
      response.setHeader("Allow", ofPage ? allowed : allowed + ", OPTIONS");
      answer(response, Answer.unrecognized(Response.SC_METHOD_NOT_ALLOWED));
    } else {
      getNext().invoke(request, response);
      answerWhatFailed(response);
    }
  }

  private static void allowOtherOrigins(Response response) {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE, OPTIONS");
    response.setHeader(
        "Access-Control-Allow-Headers", "X-Requested-With, Content-Type, Authorization, Date");
  }

  private static void answerOptions(Response response) throws IOException {
    response.setSuspended(false);
    response.setStatus(Response.SC_NO_CONTENT);
    // Not through the response's own method: Tomcat removes the length of an empty response.
    response.getCoyoteResponse().getMimeHeaders().setValue("Content-Length").setString("0");
    response.finishResponse();
  }

  private static void answerWhatFailed(Response response) throws IOException {
    var status = response.getStatus();
    if (status >= Response.SC_BAD_REQUEST
        && !response.isCommitted()
        && response.getContentWritten() == 0) {
      answer(response, answerTo(status));
    }
  }

  private static Answer answerTo(int status) {
    return switch (status) {
      case Response.SC_REQUEST_TIMEOUT -> Answer.TOO_SLOW;
      case Response.SC_INTERNAL_SERVER_ERROR -> Answer.FAILED;
      default -> Answer.unrecognized(status);
    };
  }

  private static void answer(Response response, Answer answer) throws IOException {
    response.setSuspended(false);
    answer.write(response);
    response.finishResponse();
  }
}
