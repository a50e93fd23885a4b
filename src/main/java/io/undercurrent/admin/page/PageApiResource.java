package io.undercurrent.admin.page;

import io.undercurrent.admin.http.Answer;
import io.undercurrent.admin.http.Attempt;
import io.undercurrent.admin.http.BoundedQueries;
import io.undercurrent.admin.http.Caller;
import io.undercurrent.admin.http.Refusal;
import io.undercurrent.admin.http.RequestBody;
import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.database.DatabaseDownException;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.json.JsonText;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.security.core.Authentication;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the page asks for and what it changes. */
@RestController
@RequestMapping(PagePaths.API)
public final class PageApiResource {

  private static final Logger log = LoggerFactory.getLogger(PageApiResource.class);

  private final BackgroundUpdates updates;
  private final Databases databases;
  private final BoundedQueries questions;
  private final Clock clock;
  private final PageStatuses statuses;

  public PageApiResource(
      BackgroundUpdates updates, Databases databases, BoundedQueries questions, Clock clock) {
    this.updates = updates;
    this.databases = databases;
    this.questions = questions;
    this.clock = clock;
    this.statuses = new PageStatuses(updates, questions);
  }

  @GetMapping("status")
  void status(HttpServletResponse response, Authentication who) throws IOException {
    var seen = statuses.now();
    var page = PageJson.of(clock.instant(), Caller.of(who), seen);
    Answer.write(response, HttpServletResponse.SC_OK, JsonText.line(page));
  }

  @PostMapping("pause")
  void pause(HttpServletRequest request, HttpServletResponse response, Authentication who)
      throws IOException {
    var operator = Caller.of(who).operator();
    Answer.write(
        response,
        () -> {
          var wish = wish(request);
          return change(
              wish, () -> updates.pause(wish.database(), wish.update(), wish.reason(), operator));
        });
  }

  @PostMapping("resume")
  void resume(HttpServletRequest request, HttpServletResponse response, Authentication who)
      throws IOException {
    var operator = Caller.of(who).operator();
    Answer.write(
        response,
        () -> {
          var wish = wish(request);
          return change(wish, () -> updates.resume(wish.database(), wish.update(), operator));
        });
  }

  private Wish wish(HttpServletRequest request) {
    return Wish.of(RequestBody.read(request)).checked(updates.databases());
  }

  private Answer change(Wish wish, Supplier<?> change) {
    var attempt =
        new Attempt<Object>(
            () -> databases.get(wish.database()).transactions(), () -> change.get());
    try {
      questions.change(wish.database(), attempt);
      statuses.forget();
      return Answer.ok(Map.of());
    } catch (DatabaseDownException | DataAccessException | TransactionException e) {
      log.warn("What the page asked for was not done: {}", SqlFailure.of(e).sentence());
      throw new Refusal(
          503,
          "M_UNKNOWN",
          "Database %s cannot be worked on now; look at it before trying again."
              .formatted(wish.database()));
    } catch (RefusedException e) {
      throw Wish.refused(String.valueOf(e.getMessage()));
    }
  }
}
