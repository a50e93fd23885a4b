package io.undercurrent.admin.page;

import io.undercurrent.admin.http.Answer;
import io.undercurrent.admin.http.BoundedQueries;
import io.undercurrent.admin.http.Refusal;
import io.undercurrent.chart.SvgChart;
import io.undercurrent.chart.Timeline;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.history.RunSamples;
import io.undercurrent.history.Sample;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What a run has done over time, drawn for the page. */
@RestController
@RequestMapping(PagePaths.API)
public final class PageChartResource {

  /** A run of a month has 43,200 samples. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Databases databases;
  private final BoundedQueries questions;

  public PageChartResource(Databases databases, BoundedQueries questions) {
    this.databases = databases;
    this.questions = questions;
  }

  /**
   * Answers with an element {@code svg}, or null while there are too few samples.
   *
   * @param zone where the reader's clock is
   */
  @GetMapping("chart")
  void chart(
      @RequestParam(name = "database", defaultValue = "") String database,
      @RequestParam(name = "update", defaultValue = "") String update,
      @RequestParam(name = "run", defaultValue = "") String run,
      @RequestParam(name = "zone", defaultValue = "UTC") String zone,
      HttpServletResponse response)
      throws IOException {
    Answer.write(
        response,
        () -> {
          var wish = new Wish(database, update, null).checked(databases.names());
          var samples = samples(wish.database(), update, number(run));
          var body = new HashMap<String, @Nullable Object>();
          body.put(
              "svg",
              samples.size() <= Timeline.TOO_FEW
                  ? null
                  : SvgChart.draw(
                      "What %s on %s has done over time".formatted(update, database),
                      Timeline.of(samples, SvgChart.COLUMNS),
                      zone(zone)));
          return Answer.ok(body);
        });
  }

  private List<Sample> samples(String database, String update, long run) {
    try {
      return questions.ask(
          database,
          PATIENCE,
          () -> new RunSamples(databases.get(database).jdbc()).of(update, run, null));
    } catch (RefusedException | DataAccessException | TransactionException e) {
      throw new Refusal(503, "M_UNKNOWN", "Database %s cannot be asked now.".formatted(database));
    }
  }

  private static long number(String run) {
    try {
      return Long.parseLong(run);
    } catch (NumberFormatException e) {
      throw Wish.refused("'run' parameter must be a number");
    }
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      return ZoneOffset.UTC;
    }
  }
}
