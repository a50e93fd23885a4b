package io.undercurrent.admin.http;

import io.undercurrent.command.Operator;
import org.springframework.security.core.Authentication;

/**
 * Who sends a request.
 *
 * @param operator as it is recorded
 * @param mayChange whether it has the right to change something
 */
public record Caller(Operator operator, boolean mayChange) {

  /** The caller of a request that has been authenticated. */
  public static Caller of(Authentication who) {
    if (who.getPrincipal() instanceof Operator operator) {
      return new Caller(operator, who.getAuthorities().containsAll(Right.ADMIN.authorities()));
    }
    throw new IllegalStateException("The request is not authenticated");
  }
}
