package io.undercurrent.admin.http;

import java.util.List;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;

/** What a token lets its holder do. */
public enum Right {
  /** All that there is. */
  ADMIN,

  /** To look at the page for browsers. */
  READER;

  /** The same as Spring Security has it. */
  public List<GrantedAuthority> authorities() {
    return AuthorityUtils.createAuthorityList("ROLE_" + name());
  }
}
