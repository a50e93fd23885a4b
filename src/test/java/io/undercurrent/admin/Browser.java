package io.undercurrent.admin;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.remote.RemoteWebDriver;

/** The browser of this machine, without a window. */
final class Browser implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Duration POLL = Duration.ofMillis(50);

  private final ChromeDriverService service;
  final RemoteWebDriver driver;

  private Browser(ChromeDriverService service, ChromeOptions options) {
    this.service = service;
    // Not ChromeDriver: that wants Selenium Manager, which downloads browsers and drivers.
    this.driver = new RemoteWebDriver(service.getUrl(), options);
  }

  /**
   * Starts it; aborts the test where none is installed.
   *
   * @param profile an empty directory
   */
  static Browser start(Path profile) throws IOException {
    var browser = installed("chromium", "chromium-browser", "google-chrome");
    var driver = installed("chromedriver");
    if (browser.isEmpty() || driver.isEmpty()) {
      abort("needs chromium and chromedriver in the PATH; Debian: chromium, chromium-driver");
    }
    var service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(driver.orElseThrow().toFile())
            .usingAnyFreePort()
            .build();
    var options = new ChromeOptions();
    options.setBinary(browser.orElseThrow().toFile());
    options.addArguments(
        "--headless=new",
        // no user namespaces in containers, and not as root
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        "--window-size=800,900",
        "--user-data-dir=" + profile);
    service.start();
    return new Browser(service, options);
  }

  private static Optional<Path> installed(String... names) {
    var path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(names)
        .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(at -> Path.of(at, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  void open(int port, String path) {
    driver.get("http://127.0.0.1:%d%s".formatted(port, path));
  }

  WebElement find(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  String text(String css) {
    return find(css).getText();
  }

  /** Waits until a text is in what an element shows. */
  void await(String css, String text) {
    Awaitility.await()
        .atMost(LIMIT)
        .pollInterval(POLL)
        .ignoreException(StaleElementReferenceException.class)
        .until(
            () -> all(css).stream().map(WebElement::getText).toList(),
            texts -> contain(texts, text));
  }

  private static boolean contain(List<String> texts, String text) {
    return texts.stream().anyMatch(each -> each.contains(text));
  }

  void awaitNone(String css) {
    Awaitility.await()
        .atMost(LIMIT)
        .pollInterval(POLL)
        .until(() -> all(css).stream().noneMatch(WebElement::isDisplayed));
  }

  @Override
  public void close() {
    driver.quit();
    service.stop();
  }
}
