package io.undercurrent.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.logging.LogType;

/** The page in a real browser, where one is installed. */
@PostgresTest
class PageTests {

  private static final String MARKUP = "<img src=x onerror=\"document.title='hacked'\"><b>bold</b>";
  private static final String PAGE = "/undercurrent/";
  private static final String MASTER = "[data-key=master] ";
  private static final String CRAWL = MASTER + "[data-key=crawl] ";
  private static final String BUTTONS = "#databases button";

  private static Browser browser;
  private static TestDatabases others;
  private static RunningApplication application;

  @BeforeAll
  static void start(@TempDir Path home, @TempDir Path profile) throws IOException {
    browser = Browser.start(profile);
    others = new TestDatabases();
    var archive = others.create("archive").settings();
    application =
        new RunningApplication(
            home,
            "--undercurrent.databases[1].name=archive",
            "--undercurrent.databases[1].url=" + archive.url(),
            "--undercurrent.databases[1].username=" + archive.username(),
            "--undercurrent.databases[2].name=away",
            "--undercurrent.databases[2].url=jdbc:postgresql://127.0.0.1:1/x",
            "--undercurrent.databases[2].username=anna",
            // It takes longer than any test, whatever the machine.
            "--undercurrent.background-updates.sleep-duration=1s");
    application.makeJob("crawl", "crates", 100_000, "UPDATE crates SET n = n + 1", "{max: 100}");
    Rows.run(application.database, "ANALYZE crates");
    application.updates().start("master", "crawl");
    application.updates().startRunner("master");
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (application != null) {
      application.close();
      others.close();
    }
  }

  @AfterEach
  void leave() {
    browser.find("#leave").click();
    Rows.run(application.database, "DELETE FROM undercurrent.pauses");
  }

  private static void logIn(String token) {
    browser.open(application.http.port(), PAGE);
    browser.find("#token").sendKeys(token, Keys.ENTER);
  }

  @Test
  void refusesAWrongTokenAndForgetsOneThatIsRevoked() {
    logIn("wrong");

    browser.await("#token-refused", "The token was refused: Invalid access token passed.");
    assertThat(browser.all(".database")).isEmpty();
    assertThat(kept()).isNull();

    var token = application.readOnlyToken();
    browser.find("#token").sendKeys(token, Keys.ENTER);
    browser.await(".database h2", "master");
    assertThat(kept()).isEqualTo(token);

    application.revoke("wall");

    browser.await("#token-refused", "The token was refused");
    assertThat(browser.all(".database")).isEmpty();
    assertThat(kept()).isNull();
    logIn(application.token);
    browser.await(".database h2", "master");
  }

  private static Object kept() {
    return browser.driver.executeScript(
        "return sessionStorage.length === 0 ? null : sessionStorage.getItem('undercurrent-token')");
  }

  @Test
  void showsWhatAllDatabasesDoAndThatOneIsDown() {
    logIn(application.token);

    browser.await(CRAWL + ".state", "running");
    browser.await(CRAWL + ".progress p", " %; ");
    browser.await(CRAWL + "dl", "00 items in ");
    assertThat(browser.find(CRAWL + "progress").getAccessibleName()).isEqualTo("Progress of crawl");
    assertThat(browser.text(CRAWL + "dl")).contains("items/s", "changed rows");
    assertThat(browser.text(MASTER + "dl")).contains("this server, since", "ago)");
    assertThat(browser.text("[data-key=archive] .state")).isEqualTo("no runner");
    assertThat(browser.text("[data-key=away] .state")).isEqualTo("down");
    assertThat(browser.text("[data-key=away] .reasons")).contains("away");
    assertThat(browser.all("[data-key=away] button")).noneMatch(WebElement::isDisplayed);
    assertThat(browser.driver.manage().logs().get(LogType.BROWSER).getAll())
        .as("what the policy has kept from the page, and errors")
        .filteredOn(entry -> entry.getLevel().equals(Level.SEVERE))
        .noneMatch(entry -> entry.getMessage().contains("Security"));
  }

  @Test
  void pausesWithAReasonWhoseMarkupStaysTextAndResumes() {
    logIn(application.token);
    browser.await(CRAWL + ".state", "running");

    browser.find(CRAWL + "button").sendKeys(Keys.ENTER);
    browser.driver.switchTo().activeElement().sendKeys(MARKUP, Keys.ENTER);

    browser.await(CRAWL + ".state", "paused");
    browser.await("#news", "crawl on master: paused");
    assertThat(browser.text(CRAWL + ".reasons")).contains("Paused by deploy, since", MARKUP);
    assertThat(browser.all("#databases img, #databases b")).isEmpty();
    assertThat(browser.driver.getTitle()).isEqualTo("Undercurrent");
    assertThat(browser.find(CRAWL + "button").getAccessibleName())
        .isEqualTo("Resume: crawl on master");
    assertThat(browser.driver.switchTo().activeElement()).isEqualTo(browser.find(CRAWL + "button"));

    browser.find(CRAWL + "button").click();

    browser.await(CRAWL + ".state", "running");
    assertThat(
            Rows.of(
                application.database,
                "SELECT concat_ws('|', operator, came_by, action, reason) FROM undercurrent.actions WHERE subject = 'crawl' AND came_by = 'token' ORDER BY id"))
        .containsExactly("deploy|token|pause|" + MARKUP, "deploy|token|resume");
  }

  @Test
  void hasNoButtonsForTheReadOnlyAndSaysWhatOthersChange() {
    logIn(application.readOnlyToken());

    browser.await("#who", "wall, read-only");
    browser.await(CRAWL + ".state", "running");
    assertThat(browser.all(BUTTONS)).isNotEmpty().noneMatch(WebElement::isDisplayed);

    application.updates().pause("master", null, "backup", "ann", null);

    browser.await(MASTER + "> .title .state", "paused");
    assertThat(browser.text(MASTER + "> .reasons")).contains("All updates are paused by ann");
    application.revoke("wall");
    browser.await("#token-refused", "The token was refused");
    logIn(application.token);
    browser.await(".database h2", "master");
  }

  @Test
  void drawsWhatTheRunHasDoneOverTime() {
    Rows.run(
        application.database,
        """
        INSERT INTO undercurrent.samples
          (update_name, run, at, ms, items, changed, iterations, iteration_ms, times)
        SELECT 'crawl', 1, now() - minute * interval '1 min', 60000, 5000, 5000, 50, 5000,
               '{"working": 5000, "held:<b>": 55000}'
          FROM generate_series(1, 9) AS minute""");
    logIn(application.token);
    browser.await(CRAWL + ".state", "running");

    browser.find(CRAWL + "summary").click();

    browser.await(CRAWL + ".chart svg", "items per second");
    assertThat(browser.find(CRAWL + ".chart svg").getAccessibleName())
        .isEqualTo("What crawl on master has done over time");
    assertThat(browser.all("#databases b")).isEmpty();
  }

  @Test
  void saysThatTheServerDoesNotAnswer() {
    logIn(application.token);
    browser.await(CRAWL + ".state", "running");

    browser.driver.executeScript("window.fetch = () => Promise.reject(new Error('no network'))");

    browser.await("#gone", "The server has not answered since");
    assertThat(browser.text(CRAWL + ".state")).as("what was seen last").isNotEmpty();
  }
}
