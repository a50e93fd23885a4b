package io.undercurrent.job;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The Matrix homeserver whose database is worked on; its jobs take these as placeholders.
 *
 * @param serverName the homeserver's name, the part of its users' ids after the first colon
 * @param appservices the application services that are registered with it
 */
@ConfigurationProperties("undercurrent.homeserver")
record HomeserverProperties(
    @Nullable String serverName, @DefaultValue List<Appservice> appservices) {

  HomeserverProperties {
    var withoutSender =
        IntStream.range(0, appservices.size())
            .filter(i -> appservices.get(i).sender() == null)
            .mapToObj(
                "undercurrent.homeserver.appservices[%d].sender: expected a user id, got nothing"
                    ::formatted)
            .toList();
    if (!withoutSender.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", withoutSender));
    }
  }

  /**
   * One application service.
   *
   * @param sender the service's own user, as a user id
   * @param exclusiveUsers regular expressions for the ids of the users that are the service's
   *     alone, matched from the start of an id but not necessarily to its end; PostgreSQL's
   *     expressions, which differ from the homeserver's, Python's, in rare constructs
   */
  record Appservice(@Nullable String sender, @DefaultValue List<String> exclusiveUsers) {}
}
