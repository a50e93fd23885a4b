package io.undercurrent.shell.system;

import io.undercurrent.access.OwnToken;
import io.undercurrent.access.OwnTokens;
import io.undercurrent.command.Actions;
import io.undercurrent.command.Actions.Change;
import io.undercurrent.command.Operator;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.language.UsageException;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Table;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.view.Backend;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.shell.core.command.annotation.Argument;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code token}: who may use the HTTP API. */
@Component
final class TokenVerbs {

  private final OwnTokens tokens;
  private final Backend backend;
  private final Screen screen;
  private final Times times;

  TokenVerbs(OwnTokens tokens, Backend backend, Screen screen, Times times) {
    this.tokens = tokens;
    this.backend = backend;
    this.screen = screen;
    this.times = times;
  }

  @Command(
      name = "token",
      group = Groups.WORK,
      description = "Create, list and revoke tokens for HTTP",
      help =
          """
          ACTION is create, list or revoke. The label says who holds a token; it is
          recorded with every change that is made with it. A token is shown only once.
          Who created or revoked it is recorded in the main database.
          --read-only makes one that shows the page that serve serves, and changes
          nothing; the homeserver's API refuses it.

          Example:
            token create deploy
            token create wall-screen --read-only
            token list
            token revoke deploy""")
  void token(
      @Argument(index = 0, description = "create, list or revoke") String action,
      @Argument(index = 1, description = "who holds the token; not for list")
          @Nullable String label,
      @Option(longName = "read-only", description = "for looking at the page; only for create")
          boolean readOnly,
      @Option(longName = "json", description = "as JSON, for scripts") boolean json) {
    refuse(
        readOnly && !action.equals("create"),
        "--read-only: expected token create, got %s".formatted(action));
    switch (action) {
      case "create" -> create(required(label, action), readOnly, json);
      case "revoke" -> {
        refuse(json, "--json: expected token create or token list, got revoke");
        revoke(required(label, action));
      }
      case "list" -> {
        refuse(label != null, "LABEL: expected none for list, got '%s'".formatted(label));
        list(json);
      }
      default ->
          throw new UsageException(
              "ACTION: expected create, list or revoke, got '%s'".formatted(action));
    }
  }

  private static void refuse(boolean isSenseless, String problem) {
    if (isSenseless) {
      throw new UsageException(problem);
    }
  }

  private static String required(@Nullable String label, String action) {
    if (label == null) {
      throw new UsageException("LABEL: expected a label: token %s LABEL".formatted(action));
    }
    return label;
  }

  private void create(String label, boolean readOnly, boolean json) {
    var token = tokens.create(label, readOnly);
    record(label, null, words(readOnly));
    if (json) {
      JsonOutput.print(screen, new NewJson(label, token));
    } else {
      screen.out().println(token);
      screen.say("It is shown only once. Revoke it with: token revoke " + label);
    }
  }

  private void revoke(String label) {
    var readOnly =
        tokens.list().stream().anyMatch(token -> token.label().equals(label) && token.readOnly());
    tokens.revoke(label);
    record(label, words(readOnly), "revoked");
    screen.out().println("Revoked %s.".formatted(label));
  }

  private static String words(boolean readOnly) {
    return readOnly ? "valid, read-only" : "valid";
  }

  /** In the main database, if it is there: a token must be good or void without it, too. */
  private void record(String label, @Nullable String before, String after) {
    try {
      var main = backend.databases().main();
      main.prepare();
      new Actions(main.jdbc(), Operator.ofThisProcess())
          .record(new Change("token", label, before, after, null));
    } catch (RefusedException e) {
      screen.say("This could not be recorded: " + e.getMessage());
    } catch (DataAccessException e) {
      screen.say("This could not be recorded: " + SqlFailure.of(e).sentence());
    }
  }

  private void list(boolean json) {
    var all = tokens.list();
    if (json) {
      JsonOutput.print(screen, all.stream().map(TokenJson::of).toList());
    } else if (all.isEmpty()) {
      screen.say(
          "There is no token, so every request is refused. Make one with: token create LABEL");
    } else {
      show(all);
    }
  }

  private void show(List<OwnToken> all) {
    var table =
        new Table(
            Table.text("LABEL"),
            Table.text("MAY"),
            Table.text(times.column("CREATED", all.stream().map(OwnToken::createdAt))));
    all.forEach(
        token ->
            table.row(
                token.label(),
                token.readOnly() ? "look" : "change",
                times.brief(token.createdAt())));
    table.print(screen);
  }

  /** The stable form of a token that was just made. */
  private record NewJson(String label, String token) {}

  /** The stable form of a token. */
  private record TokenJson(String label, Instant createdAt, boolean readOnly) {

    static TokenJson of(OwnToken token) {
      return new TokenJson(token.label(), token.createdAt(), token.readOnly());
    }
  }
}
