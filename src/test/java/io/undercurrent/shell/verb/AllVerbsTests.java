package io.undercurrent.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.shell.language.Verb;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;

class AllVerbsTests {

  @Test
  void findsEveryComponentOfThePackage() {
    var components =
        new ClassPathScanningCandidateComponentProvider(true)
            .findCandidateComponents(AllVerbs.class.getPackageName()).stream()
                .map(BeanDefinition::getBeanClassName)
                .toList();

    assertThat(components).hasSizeGreaterThan(10);
    assertThat(AllVerbs.classes()).extracting(Class::getName).containsAll(components);
  }

  @Test
  void findsTheVerbsOfOneClassAndOfSeveral() {
    assertThat(AllVerbs.described().stream())
        .extracting(Verb::getName)
        .contains("demo", "pause", "resume", "help")
        .doesNotHaveDuplicates();
  }
}
