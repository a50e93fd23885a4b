package io.undercurrent.access;

import io.undercurrent.database.Home;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** The tokens of an application context. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

  @Bean
  @Lazy
  OwnTokens ownTokens(Home home, Clock clock) {
    return new OwnTokens(home, clock);
  }
}
