package io.undercurrent.database.registry;

import io.undercurrent.database.Home;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/**
 * Where Undercurrent keeps its files and which databases it works on.
 *
 * @param home where logs, the console's history and the embedded server are kept
 * @param mainDatabase the name of the database that commands mean when they name none
 * @param databases the databases, by index or by name; none means the embedded server
 */
@ConfigurationProperties("undercurrent")
// A map, because Spring takes a list from one source alone: with a password in the environment it
// would not see the url in a file.
public record DatabasesProperties(
    @DefaultValue("~/.undercurrent") String home,
    @Nullable String mainDatabase,
    @DefaultValue Map<String, One> databases) {

  static DatabasesProperties from(Binder binder) {
    return binder.bindOrCreate(
        "undercurrent",
        Bindable.of(DatabasesProperties.class),
        new EmptyIsNothing(BindHandler.DEFAULT));
  }

  /** The home that {@code undercurrent.home} names. */
  public static Home home(Environment environment) {
    return Home.of(from(Binder.get(environment)).home());
  }

  /**
   * One database.
   *
   * @param name what it is called here
   * @param url its JDBC URL
   * @param username the role to log in with
   * @param password the role's password
   */
  public record One(
      @Nullable String name,
      @Nullable String url,
      @Nullable String username,
      @Nullable String password) {

    @Override
    public String toString() {
      return "database " + name;
    }
  }
}
