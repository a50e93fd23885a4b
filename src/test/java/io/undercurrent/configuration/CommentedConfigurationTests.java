package io.undercurrent.configuration;

import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;

class CommentedConfigurationTests {

  private static final Path FILE = Path.of("src/distribution/config/application.yaml");
  private static final Pattern COMMENTED_OUT = Pattern.compile("(?m)^( *)#(?=\\S)");
  private static final Set<String> NO_NAMES =
      Set.of(KnownProperty.INDEX, KnownProperty.KEY, KnownProperty.ANYTHING);

  @Test
  void setsNothing() throws IOException {
    assertThat(Files.readAllLines(FILE))
        .allMatch(line -> line.isBlank() || line.stripLeading().startsWith("#"));
  }

  @Test
  void showsEachPropertyAndNoUnknownOne() throws IOException {
    var uncommented = COMMENTED_OUT.matcher(Files.readString(FILE)).replaceAll("$1");
    var source =
        (EnumerablePropertySource<?>)
            new YamlPropertySourceLoader()
                .load("file", new ByteArrayResource(uncommented.getBytes(StandardCharsets.UTF_8)))
                .get(0);
    var environment = new StandardEnvironment();
    environment.getPropertySources().addLast(source);

    assertThat(new UnknownProperties().problems(environment)).isEmpty();
    assertThat(
            PropertyDescription.read().stream()
                .map(property -> property.elements().get(property.elements().size() - 1))
                .filter(not(NO_NAMES::contains)))
        .isNotEmpty()
        .allMatch(name -> String.join("\n", source.getPropertyNames()).contains("." + name));
  }
}
