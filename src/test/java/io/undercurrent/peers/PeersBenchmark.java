package io.undercurrent.peers;

import io.undercurrent.testing.PostgresTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How fast Undercurrent is beside what else one would use. Run it with {@code ./mvnw test
 * -Pbenchmarks -Dtest=PeersBenchmark}, or one group with {@code -Dtest=PeersBenchmark#backfill}.
 * {@code -Dpeers.rounds=1 -Dpeers.rows=100000} makes it short.
 */
@PostgresTest
@Tag("benchmark")
class PeersBenchmark {

  private static final String LOOP = "PL/pgSQL loop";

  @TempDir private Path directory;
  private PeersServer server;

  @BeforeEach
  void startAServer() {
    server = new PeersServer(directory);
  }

  @AfterEach
  void stopTheServer() {
    server.close();
  }

  @Test
  void backfill() throws Exception {
    var all = contenders();
    Comparison.of(server, Workloads.backfill(), all);
  }

  @Test
  void backfillOfNulls() throws Exception {
    Comparison.of(server, Workloads.backfillOfNulls(), contenders());
  }

  @Test
  void compositeKey() throws Exception {
    Comparison.of(server, Workloads.compositeKey(), contenders());
  }

  @Test
  void deletion() throws Exception {
    Comparison.of(server, Workloads.deletion(), contenders());
  }

  @Test
  void sparse() throws Exception {
    Comparison.of(server, Workloads.sparse(), contendersOfMatches());
  }

  @Test
  void clustered() throws Exception {
    Comparison.of(server, Workloads.clustered(), contendersOfMatches());
  }

  private List<Contender> contenders() throws Exception {
    var scripts = new Scripts(server.database());
    return List.of(
        scripts.oneStatement(),
        scripts.loop(),
        scripts.jdbcLoop(),
        new StockSpringBatch(server.database()),
        new Undercurrent(server.database(), directory, 1));
  }

  private List<Contender> contendersOfMatches() throws Exception {
    var all = new ArrayList<>(contenders());
    all.add(2, new Scripts(server.database()).loopOverMatches());
    return all;
  }
}
