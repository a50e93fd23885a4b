package io.undercurrent.admin;

import io.undercurrent.access.OwnToken;
import io.undercurrent.access.OwnTokens;
import io.undercurrent.admin.http.Answer;
import io.undercurrent.admin.http.Refusal;
import io.undercurrent.admin.http.Right;
import io.undercurrent.command.Operator;
import io.undercurrent.command.Operator.Way;
import io.undercurrent.database.RefusedException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;

/** Finds out whose token it is: one of Undercurrent's own, else the homeserver's if that is on. */
final class TokenAuthentication implements AuthenticationManager {

  private static final Logger log = LoggerFactory.getLogger(TokenAuthentication.class);

  private final OwnTokens own;
  private final @Nullable HomeserverTokens homeserver;

  TokenAuthentication(OwnTokens own, @Nullable HomeserverTokens homeserver) {
    this.own = own;
    this.homeserver = homeserver;
  }

  /**
   * Turns a token into an {@link Operator}, with its right, if it has one.
   *
   * @throws Refusal if it gives no access
   */
  @Override
  public Authentication authenticate(Authentication shown) {
    var bearer = (BearerToken) shown;
    var token = find(bearer.getCredentials());
    if (token.isPresent()) {
      return authenticated(
          new Operator(token.get().label(), Way.TOKEN, bearer.address()),
          token.get().readOnly() ? Right.READER : Right.ADMIN);
    }
    if (homeserver == null) {
      throw HomeserverTokens.unknown();
    }
    var user = homeserver.userOf(bearer.getCredentials());
    return authenticated(
        new Operator(user.name(), Way.HOMESERVER, bearer.address()),
        user.admin() ? Right.ADMIN : null);
  }

  private Optional<OwnToken> find(String token) {
    try {
      return own.find(token);
    } catch (RefusedException e) {
      log.warn("Tokens cannot be checked: {}", e.getMessage());
      throw new Refusal(Answer.TOKENS_UNCHECKED);
    }
  }

  private static Authentication authenticated(Operator operator, @Nullable Right right) {
    return new PreAuthenticatedAuthenticationToken(
        operator, "", right == null ? List.of() : right.authorities());
  }
}
