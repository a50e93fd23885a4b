package io.undercurrent.peers;

import io.undercurrent.health.ConfiguredSignals;
import io.undercurrent.testing.PostgresTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /** Whether updates in several lanes take part. */
  /** How many sessions in a statement are a load, on as many processors as the machine has. */
  private static final String ACTIVE_SESSIONS = System.getProperty("peers.active", "1");

  private static final boolean LANES = !Boolean.getBoolean("peers.one-lane");

  /** Whose names match; all take part otherwise. */
  private static final String ONLY = System.getProperty("peers.contenders", ".*");

  @TempDir private Path directory;
  private PeersServer server;

  @BeforeEach
  void startAServer() {
    server = new PeersServer(directory);
  }

  @AfterEach
  void stopTheServer() throws Exception {
    server.close();
  }

  @Test
  void backfill() throws Exception {
    var all = contenders();
    all.add(2, new Scripts(server.database()).twoLoops());
    Comparison.of(server, Workloads.backfill(), chosen(all));
  }

  @Test
  void backfillOfNulls() throws Exception {
    Comparison.of(server, Workloads.backfillOfNulls(), chosen(contenders()));
  }

  @Test
  void compositeKey() throws Exception {
    Comparison.of(server, Workloads.compositeKey(), chosen(contenders()));
  }

  @Test
  void deletion() throws Exception {
    Comparison.of(server, Workloads.deletion(), chosen(contenders()));
  }

  @Test
  void sparse() throws Exception {
    Comparison.of(server, Workloads.sparse(), chosen(contendersOfMatches()));
  }

  @Test
  void clustered() throws Exception {
    Comparison.of(server, Workloads.clustered(), chosen(contendersOfMatches()));
  }

  @Test
  void beans() throws Exception {
    new BeanFigures(server, directory).compare(LANES ? new int[] {1, 2, 8} : new int[] {1});
  }

  @Test
  void roundTrips() throws Exception {
    var wire = new WireFigures(server, directory);
    wire.roundTrips(Workloads.backfill());
    wire.roundTrips(Workloads.backfillOfNulls());
    wire.roundTrips(Workloads.compositeKey());
    wire.roundTrips(Workloads.deletion());
    wire.roundTrips(Workloads.sparse());
  }

  @Test
  void pace() throws Exception {
    var pace = new PaceFigures(server, directory);
    pace.coldStart(Workloads.backfill());
    pace.coldStart(Workloads.deletion());
  }

  @Test
  void costStep() throws Exception {
    new PaceFigures(server, directory).step();
  }

  @Test
  void neighbour() throws Exception {
    new NeighbourFigures(server, directory).compare();
  }

  @Test
  void brakes() throws Exception {
    new BrakeFigures(
            server,
            directory,
            ConfiguredSignals.of(
                Map.of("undercurrent.health.active-sessions.hold", ACTIVE_SESSIONS)))
        .compare();
  }

  @Test
  void looks() throws Exception {
    new LookFigures(server, directory).measure();
  }

  @Test
  void memory() throws Exception {
    new MemoryFigures(server, directory).walk();
  }

  @Test
  void homeserver() throws Exception {
    new HomeserverFigures(server).compare();
  }

  private static List<Contender> chosen(List<Contender> all) {
    return all.stream().filter(contender -> contender.name().matches(ONLY)).toList();
  }

  private List<Contender> contenders() throws Exception {
    var scripts = new Scripts(server.database());
    var all =
        new ArrayList<>(
            List.of(
                scripts.oneStatement(),
                scripts.loop(),
                scripts.jdbcLoop(),
                new StockSpringBatch(server.database()),
                new Undercurrent(server.database(), directory, 1)));
    if (LANES) {
      all.add(new Undercurrent(server.database(), directory, 2));
    }
    return all;
  }

  private List<Contender> contendersOfMatches() throws Exception {
    var all = new ArrayList<>(chosen(contenders()));
    all.add(2, new Scripts(server.database()).loopOverMatches());
    return all;
  }
}
