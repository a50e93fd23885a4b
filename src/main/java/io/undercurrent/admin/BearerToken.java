package io.undercurrent.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.undercurrent.admin.http.Refusal;
import io.undercurrent.admin.page.PagePaths;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.authentication.AuthenticationConverter;

/** A token that came with a request and has not been checked yet. */
final class BearerToken extends AbstractAuthenticationToken {

  private final transient String token;
  private final String address;

  BearerToken(String token, String address) {
    super(AuthorityUtils.NO_AUTHORITIES);
    this.token = token;
    this.address = address;
  }

  /** The address that the request came from. */
  String address() {
    return address;
  }

  @Override
  public String getCredentials() {
    return token;
  }

  @Override
  public String getPrincipal() {
    return "a client at " + address;
  }

  /**
   * Finds it in a request, where the reference looks for it and in the reference's order; for the
   * page, in the header alone: addresses are kept in histories and logs.
   */
  static final class Reader implements AuthenticationConverter {

    private static final String PARAMETER = "access_token";

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
      var headers = Collections.list(request.getHeaders("Authorization"));
      var parameters =
          PagePaths.isOfPage(request) ? List.<String>of() : parameters(request.getQueryString());
      if (headers.isEmpty()) {
        return parameters.isEmpty()
            ? null
            : new BearerToken(parameters.get(0), request.getRemoteAddr());
      }
      if (!parameters.isEmpty()) {
        throw missing("Mixing Authorization headers and access_token query parameters.");
      }
      if (headers.size() > 1) {
        throw missing("Too many Authorization headers.");
      }
      var words = headers.get(0).split(" ", -1);
      if (words.length != 2 || !words[0].equals("Bearer")) {
        throw missing("Invalid Authorization header.");
      }
      return new BearerToken(words[1], request.getRemoteAddr());
    }

    /** Not through getParameter: that would read the body of a form. */
    private static List<String> parameters(@Nullable String query) {
      return query == null
          ? List.of()
          : Stream.of(query.split("&"))
              .map(parameter -> parameter.split("=", 2))
              .filter(parameter -> parameter.length == 2 && decoded(parameter[0]).equals(PARAMETER))
              .map(parameter -> decoded(parameter[1]))
              .toList();
    }

    private static String decoded(String value) {
      try {
        return URLDecoder.decode(value, UTF_8);
      } catch (IllegalArgumentException e) {
        return value;
      }
    }

    private static Refusal missing(String error) {
      return new Refusal(401, "M_MISSING_TOKEN", error);
    }
  }
}
