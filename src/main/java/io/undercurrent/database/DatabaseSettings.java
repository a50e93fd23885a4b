package io.undercurrent.database;

import org.jspecify.annotations.Nullable;

/**
 * How to reach one database.
 *
 * @param name what the database is called here, {@code master} where there is only one
 * @param url a JDBC URL, {@code jdbc:postgresql://host:5432/name}
 * @param username the role to log in with, or null for the driver's default
 * @param password its password, or null
 */
public record DatabaseSettings(
    String name, String url, @Nullable String username, @Nullable String password) {

  @Override
  public String toString() {
    return name + " (" + url + ")";
  }
}
