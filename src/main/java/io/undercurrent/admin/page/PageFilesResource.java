package io.undercurrent.admin.page;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.core.io.ClassPathResource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The page's files. They hold no secret: what the page shows it asks the API for. */
@RestController
@RequestMapping
public final class PageFilesResource {

  private final byte[] html = read("page.html");
  private final byte[] css = read("page.css");
  private final byte[] script = read("page.js");

  private static byte[] read(String name) {
    try {
      return new ClassPathResource("page/" + name).getContentAsByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Relative, so that a proxy may serve the page under another path. */
  @GetMapping("/undercurrent")
  void redirect(HttpServletResponse response) {
    response.setStatus(HttpServletResponse.SC_MOVED_PERMANENTLY);
    response.setHeader("Location", "undercurrent/");
  }

  @GetMapping(PagePaths.BASE)
  void html(HttpServletResponse response) throws IOException {
    write(response, "text/html", html);
  }

  @GetMapping(PagePaths.BASE + "page.css")
  void css(HttpServletResponse response) throws IOException {
    write(response, "text/css", css);
  }

  @GetMapping(PagePaths.BASE + "page.js")
  void script(HttpServletResponse response) throws IOException {
    write(response, "text/javascript", script);
  }

  private static void write(HttpServletResponse response, String type, byte[] file)
      throws IOException {
    response.setContentType(type + ";charset=utf-8");
    response.setContentLength(file.length);
    response.getOutputStream().write(file);
  }
}
