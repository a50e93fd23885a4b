package io.undercurrent.admin.page;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the page and its API are. */
public final class PagePaths {

  public static final String BASE = "/undercurrent/";

  static final String API = BASE + "api/";

  private static final String BASE_WITHOUT_SLASH = "/undercurrent";

  private static final Set<String> LOOK = Set.of("GET", "HEAD");

  /** The methods of each path; there are no others. */
  public static final Map<String, Set<String>> METHODS =
      Map.of(
          BASE_WITHOUT_SLASH,
          LOOK,
          BASE,
          LOOK,
          BASE + "page.css",
          LOOK,
          BASE + "page.js",
          LOOK,
          API + "status",
          LOOK,
          API + "chart",
          LOOK,
          API + "pause",
          Set.of("POST"),
          API + "resume",
          Set.of("POST"));

  private PagePaths() {}

  /** Whether a path belongs to the page, if there is such a path at all. */
  public static boolean isOfPage(@Nullable String path) {
    return path != null && (path.equals(BASE_WITHOUT_SLASH) || path.startsWith(BASE));
  }

  /** Whether a request is for the page, if there is such a path at all. */
  public static boolean isOfPage(HttpServletRequest request) {
    return isOfPage(path(request));
  }

  /** Whether it is for a file, which everybody may read. */
  public static boolean isFile(HttpServletRequest request) {
    return isOfPage(request) && !path(request).startsWith(API);
  }

  /** Whether a request of the API changes nothing. */
  public static boolean isLook(HttpServletRequest request) {
    return path(request).startsWith(API) && LOOK.contains(request.getMethod());
  }

  /**
   * Not the URI, which begins with the client's {@code X-Forwarded-Prefix} where an operator has
   * Spring look at such headers: whoever sends one would choose what rights a request takes.
   */
  private static String path(HttpServletRequest request) {
    return request.getServletPath();
  }
}
