package io.undercurrent.admin;

import io.undercurrent.access.OwnTokens;
import io.undercurrent.admin.http.Answer;
import io.undercurrent.admin.http.Refusal;
import io.undercurrent.command.Operator;
import io.undercurrent.command.Operator.Way;
import io.undercurrent.database.RefusedException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;

/** Finds out whose token it is: one of Undercurrent's own, else the homeserver's if that is on. */
final class TokenAuthentication implements AuthenticationManager {

  static final String ADMIN = "ADMIN";

  private static final Logger log = LoggerFactory.getLogger(TokenAuthentication.class);

  private final OwnTokens own;
  private final @Nullable HomeserverTokens homeserver;

  TokenAuthentication(OwnTokens own, @Nullable HomeserverTokens homeserver) {
    this.own = own;
    this.homeserver = homeserver;
  }

  /**
   * Turns a token into an {@link Operator}, with the role of an admin or without.
   *
   * @throws Refusal if it gives no access
   */
  @Override
  public Authentication authenticate(Authentication shown) {
    var bearer = (BearerToken) shown;
    var label = labelOf(bearer.getCredentials());
    if (label.isPresent()) {
      return authenticated(new Operator(label.get(), Way.TOKEN, bearer.address()), true);
    }
    if (homeserver == null) {
      throw HomeserverTokens.unknown();
    }
    var user = homeserver.userOf(bearer.getCredentials());
    return authenticated(new Operator(user.name(), Way.HOMESERVER, bearer.address()), user.admin());
  }

  private Optional<String> labelOf(String token) {
    try {
      return own.labelOf(token);
    } catch (RefusedException e) {
      log.warn("Tokens cannot be checked: {}", e.getMessage());
      throw new Refusal(Answer.TOKENS_UNCHECKED);
    }
  }

  private static Authentication authenticated(Operator operator, boolean admin) {
    var authorities =
        admin
            ? AuthorityUtils.createAuthorityList("ROLE_" + ADMIN)
            : AuthorityUtils.<GrantedAuthority>createAuthorityList();
    return new PreAuthenticatedAuthenticationToken(operator, "", authorities);
  }
}
