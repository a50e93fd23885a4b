package io.undercurrent.admin;

import io.undercurrent.admin.http.Answer;
import io.undercurrent.admin.http.BoundedQueries;
import io.undercurrent.admin.http.Refusal;
import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.BadSqlGrammarException;

/** The access tokens of the homeserver whose database is the main one. Its tables are only read. */
final class HomeserverTokens {

  private static final Logger log = LoggerFactory.getLogger(HomeserverTokens.class);

  private final Database database;
  private final BoundedQueries questions;
  private final Clock clock;
  private volatile boolean warned;

  HomeserverTokens(Database database, BoundedQueries questions, Clock clock) {
    this.database = database;
    this.questions = questions;
    this.clock = clock;
  }

  /**
   * The user that a token stands for: its owner, or the user that the owner impersonates.
   *
   * @throws Refusal if the token is unknown or has expired, or the user is locked or a guest; also
   *     if the homeserver asks another service about tokens, and does not look at its own
   */
  User userOf(String token) {
    var found = find(token).orElseThrow(HomeserverTokens::unknown);
    if (found.validUntilMs != null && found.validUntilMs < clock.millis()) {
      throw new Refusal(Answer.unknownToken("Access token has expired", true));
    }
    if (found.locked) {
      throw new Refusal(Answer.LOCKED);
    }
    if (found.guest) {
      throw new Refusal(403, "M_GUEST_ACCESS_FORBIDDEN", "Guest access not allowed");
    }
    return found.user;
  }

  static Refusal unknown() {
    return new Refusal(Answer.unknownToken("Invalid access token passed.", false));
  }

  private Optional<Token> find(String token) {
    try {
      return questions.ask(database.name(), () -> isDelegated() ? Optional.empty() : select(token));
    } catch (DataIntegrityViolationException e) {
      // The database's encoding lacks one of its characters, so no stored token equals it.
      return Optional.empty();
    } catch (BadSqlGrammarException e) {
      log.warn(
          "undercurrent.admin.homeserver-tokens is on, but {} does not hold a homeserver's tokens: {}",
          database.name(),
          SqlFailure.of(e).sentence());
      return Optional.empty();
    } catch (RefusedException | DataAccessException e) {
      log.warn("The homeserver's tokens cannot be read: {}", SqlFailure.of(e).sentence());
      throw new Refusal(Answer.TOKENS_UNCHECKED);
    }
  }

  /** Says so where another service has taken the homeserver's tokens over, if that is known now. */
  void warnIfDelegated() {
    try {
      questions.ask(database.name(), this::isDelegated);
    } catch (RefusedException | DataAccessException e) {
      log.debug("Who checks the homeserver's tokens is not known yet", e);
    }
  }

  /**
   * Whether users are known by the ids that MSC 3861 gives them, as the Matrix Authentication
   * Service has it. Tokens from before may still be in the table, and their users admins there.
   */
  private boolean isDelegated() {
    var jdbc = database.jdbc();
    var delegated =
        jdbc.sql("SELECT has_table_privilege(to_regclass('user_external_ids'), 'SELECT')")
                .query(Boolean.class)
                .optional()
                .orElse(false)
            && jdbc.sql(
                    """
                    SELECT EXISTS (SELECT
                                     FROM user_external_ids
                                    WHERE auth_provider = 'oauth-delegated')""")
                .query(Boolean.class)
                .single();
    if (delegated && !warned) {
      log.warn(
          "The homeserver of {} has another service check its access tokens, so undercurrent.admin.homeserver-tokens lets nobody in. Make tokens with: token create LABEL",
          database.name());
    }
    warned = delegated;
    return delegated;
  }

  private Optional<Token> select(String token) {
    return database
        .jdbc()
        .sql(
            """
            SELECT users.name, users.admin <> 0 AS admin, users.is_guest <> 0 AS guest,
                   -- older homeservers have no such column
                   coalesce(CAST(to_jsonb(users) ->> 'locked' AS boolean), false) AS locked,
                   access_tokens.valid_until_ms
              FROM access_tokens
              JOIN users
                ON users.name = coalesce(access_tokens.puppets_user_id, access_tokens.user_id)
             WHERE access_tokens.token = :token""")
        .param("token", token)
        .query(
            (row, number) ->
                new Token(
                    new User(row.getString("name"), row.getBoolean("admin")),
                    row.getBoolean("guest"),
                    row.getBoolean("locked"),
                    row.getObject("valid_until_ms", Long.class)))
        .optional();
  }

  /**
   * A user of the homeserver.
   *
   * @param name the user id
   * @param admin whether it is a server admin
   */
  record User(String name, boolean admin) {}

  private record Token(User user, boolean guest, boolean locked, @Nullable Long validUntilMs) {}
}
