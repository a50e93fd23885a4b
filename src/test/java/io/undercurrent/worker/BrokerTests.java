package io.undercurrent.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "tcp://broker:61616 tcp://broker:61616",
        "tcp://broker:61616?sslEnabled=true;keyStorePassword=secret tcp://broker:61616",
        "(tcp://one:1?a=secret,tcp://two:2)?ha=true;password=secret (tcp://one:1,tcp://two:2)",
        "tcp://anna:secret@broker:61616 tcp://broker:61616"
      })
  void showsNoPasswordsOfItsUrl(String url, String shown) {
    try (var broker = new Broker(url.replace("anna:secret@", ""), null, null, "slices")) {
      assertThat(broker.url()).isEqualTo(shown);
    }
    assertThat(Broker.withoutSecrets(url)).isEqualTo(shown);
  }
}
