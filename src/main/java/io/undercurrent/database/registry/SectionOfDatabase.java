package io.undercurrent.database.registry;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.Environment;

/**
 * What a source of properties says of one database, as if it said it of all.
 *
 * @param source where it stands
 * @param all the section of what is said of all; {@code databases.NAME} in it has the same
 *     properties
 * @param one that of the database
 */
public record SectionOfDatabase(
    ConfigurationPropertySource source,
    ConfigurationPropertyName all,
    ConfigurationPropertyName one)
    implements ConfigurationPropertySource {

  /**
   * What is configured for a database: its own properties, and those of all where it has none.
   *
   * @param section where those of all are
   */
  public static <T> T bind(
      Environment environment, String section, String database, Class<T> type) {
    var all = ConfigurationPropertyName.of(section);
    var sources = new ArrayList<ConfigurationPropertySource>();
    for (var source : ConfigurationPropertySources.get(environment)) {
      sources.add(new SectionOfDatabase(source, all, name(section, database)));
    }
    ConfigurationPropertySources.get(environment).forEach(sources::add);
    return new Binder(sources, new PropertySourcesPlaceholdersResolver(environment))
        .bindOrCreate(all, Bindable.of(type), new EmptyIsNothing(BindHandler.DEFAULT));
  }

  /** The section of a database in one of all, however the database's name is written. */
  public static ConfigurationPropertyName name(String section, String database) {
    var databases = ConfigurationPropertyName.of(section).append("databases");
    return ConfigurationPropertyName.isValid(database) && !database.contains(".")
        ? databases.append(database)
        : databases.append("[" + database + "]");
  }

  @Override
  public @Nullable ConfigurationProperty getConfigurationProperty(ConfigurationPropertyName name) {
    return all.isAncestorOf(name) ? source.getConfigurationProperty(inSection(name)) : null;
  }

  @Override
  public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
    return all.equals(name) || all.isAncestorOf(name)
        ? source.containsDescendantOf(inSection(name))
        : ConfigurationPropertyState.ABSENT;
  }

  private ConfigurationPropertyName inSection(ConfigurationPropertyName name) {
    return all.equals(name) ? one : one.append(name.subName(all.getNumberOfElements()));
  }
}
