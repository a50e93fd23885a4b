package io.undercurrent.shell.verb;

import io.undercurrent.json.ReasonJson;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.shell.view.CountText;
import io.undercurrent.status.Explanation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.annotation.Argument;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code why}: what keeps updates from moving, and the way out. */
@Component
final class WhyVerb {

  private final Backend backend;
  private final Screen screen;
  private final Times times;

  WhyVerb(Backend backend, Screen screen, Times times) {
    this.backend = backend;
    this.screen = screen;
    this.times = times;
  }

  @Command(
      name = "why",
      group = Groups.WATCH,
      description = "Why nothing moves, and the way out",
      help =
          """
          Reasons come in the order in which to resolve them; each names the verb or
          the statement that does so. If all is well, it says that, too.

          Example:
            why
            why fill_titles
            why --json | jq -r '.[].reasons[].reason'""")
  void why(
      @Argument(index = 0, description = "the update; the whole queue without it")
          @Nullable String update,
      @Option(longName = "database", description = "one database; all without it, or the main one")
          @Nullable String database,
      @Option(longName = "json", description = "as JSON, for scripts") boolean json) {
    var explanations = explanations(update, database);
    if (json) {
      JsonOutput.print(screen, explanations.stream().map(ExplanationJson::of).toList());
      return;
    }
    for (var i = 0; i < explanations.size(); i++) {
      if (i > 0) {
        screen.out().println();
      }
      show(explanations.get(i), update);
    }
  }

  private List<Explanation> explanations(@Nullable String update, @Nullable String database) {
    var names = update == null ? backend.databases(database) : List.of(backend.database(database));
    return names.stream().map(name -> explanation(name, update)).toList();
  }

  private Explanation explanation(String database, @Nullable String update) {
    return update == null
        ? backend.updates().status(database).why()
        : backend.updates().why(database, update);
  }

  void show(Explanation explanation, @Nullable String update) {
    var what = update == null ? explanation.database() : update + " on " + explanation.database();
    screen.out().println(what + (explanation.moves() ? " moves." : " does not move."));
    var numbered = new DescriptionList();
    for (var i = 0; i < explanation.reasons().size(); i++) {
      var hold = explanation.reasons().get(i);
      numbered.add("%2d.".formatted(i + 1), times.sentences().named(explanation.database(), hold));
    }
    numbered.print(screen);
    backend.updates().glance(explanation.database()).updates().stream()
        .filter(view -> view.quarantined() > 0)
        .filter(view -> update == null || update.equals(view.queued().name()))
        .forEach(
            view ->
                screen.tell(
                    "In quarantine: "
                        + CountText.quarantine(view.quarantined(), view.queued().name())));
  }

  /** The stable form of an explanation. */
  private record ExplanationJson(String database, boolean moves, List<ReasonJson> reasons) {

    static ExplanationJson of(Explanation explanation) {
      return new ExplanationJson(
          explanation.database(),
          explanation.moves(),
          ReasonJson.all(explanation.database(), explanation.reasons()));
    }
  }
}
