package io.undercurrent.command;

import io.undercurrent.lease.Owner;

/**
 * Who asks for a change, as it is recorded.
 *
 * @param name the operating system's user, a token's label, or a homeserver's user id
 * @param cameBy what proves the name
 * @param address where the request comes from: a host's name or an IP address
 */
public record Operator(String name, Way cameBy, String address) {

  /** What proves an operator's name. */
  public enum Way {
    /** The operating system: the name is that of the user who runs this process. */
    CONSOLE,
    /** A token of Undercurrent's own: the name is its label. */
    TOKEN,
    /** An access token of the homeserver: the name is a user id. */
    HOMESERVER
  }

  /** The user who runs this process. */
  public static Operator ofThisProcess() {
    return new Operator(System.getProperty("user.name", "unknown"), Way.CONSOLE, Owner.host());
  }
}
