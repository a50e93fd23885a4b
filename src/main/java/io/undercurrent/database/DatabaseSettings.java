package io.undercurrent.database;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * How to reach one database.
 *
 * @param name what the database is called here, {@code master} where there is only one
 * @param url a JDBC URL, {@code jdbc:postgresql://host:5432/name}; its parameters override our
 *     defaults for the driver
 * @param username the role to log in with, or null for the driver's default
 * @param password its password, or null
 */
public record DatabaseSettings(
    String name, String url, @Nullable String username, @Nullable String password) {

  private static final Pattern HOSTS =
      Pattern.compile("(?<driver>jdbc:postgresql://)(?<hosts>[^/?@]*)(?<rest>.*)");
  private static final Pattern ANY = Pattern.compile("(?i)([?&])targetServerType=[^&]*&?");

  /** The servers and the database that the URL names, {@code host:5432/name}; holds no secret. */
  public String location() {
    var parsed = new PGSimpleDataSource();
    parsed.setUrl(url);
    var hosts = parsed.getServerNames();
    var ports = parsed.getPortNumbers();
    return IntStream.range(0, hosts.length)
        .mapToObj(i -> hosts[i] + ":" + (ports[i] == 0 ? 5432 : ports[i]))
        .collect(joining(",", "", "/" + parsed.getDatabaseName()));
  }

  /**
   * The URLs of the servers that the URL names, each alone, in its order: whether it is the primary
   * does not matter to them, because the driver remembers for 10 s which one is not.
   */
  List<String> urlsOfHosts() {
    var parts = HOSTS.matcher(url);
    return parts.matches()
        ? Arrays.stream(parts.group("hosts").split(","))
            .map(
                host ->
                    parts.group("driver")
                        + host
                        + ANY.matcher(parts.group("rest")).replaceAll("$1"))
            .toList()
        : List.of(url);
  }

  /**
   * The URL with everything that may be a password blotted out, rather too much than too little.
   */
  public String urlWithoutSecrets() {
    return url.replaceAll("(?i)([?&;][^=&;]*password=)[^&]*", "$1***")
        .replaceAll("//([^/@:?]*):.*@", "//$1:***@");
  }

  @Override
  public String toString() {
    return name + " (" + urlWithoutSecrets() + ")";
  }
}
