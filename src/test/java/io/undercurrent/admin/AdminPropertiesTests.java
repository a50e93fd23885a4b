package io.undercurrent.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class AdminPropertiesTests {

  @Test
  void takesAFreePortForEach() {
    assertThat(ports(0, 0).managementPort()).isZero();
  }

  @Test
  void refusesOnePortForBoth() {
    assertThatThrownBy(() -> ports(8009, 8009))
        .hasMessage(
            "undercurrent.admin.management-port: expected another port than undercurrent.admin.port, got 8009 for both");
  }

  @Test
  void refusesWhatIsNoPort() {
    assertThatThrownBy(() -> ports(8009, 65_536))
        .hasMessage(
            "undercurrent.admin.management-port: expected a port from 0 to 65535, got 65536");
  }

  private static AdminProperties ports(int port, int managementPort) {
    return new AdminProperties(
        true, InetAddress.getLoopbackAddress(), port, null, managementPort, false);
  }
}
