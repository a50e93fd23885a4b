package io.undercurrent;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

class ModularityTests {

  @Test
  void dependenciesPointOneWay() {
    ApplicationModules.of(UndercurrentApplication.class).verify();
  }
}
