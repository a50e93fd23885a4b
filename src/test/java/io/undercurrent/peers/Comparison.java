package io.undercurrent.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Has contenders do the same work in turn, round by round, and compares how fast they were. */
final class Comparison {

  private static final int ROUNDS = Integer.getInteger("peers.rounds", 5);
  private static final int ROWS = Integer.getInteger("peers.rows", 1_000_000);

  private final PeersServer server;
  private final Workload workload;
  private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

  private Comparison(PeersServer server, Workload workload) {
    this.server = server;
    this.workload = workload;
  }

  /** Has each do the workload once in each round; who begins changes. */
  static Comparison of(PeersServer server, Workload workload, List<Contender> contenders)
      throws Exception {
    var comparison = new Comparison(server, workload);
    contenders.forEach(each -> comparison.seconds.put(each.name(), new ArrayList<>()));
    var order = new ArrayList<>(contenders);
    for (int round = 0; round < ROUNDS; round++) {
      for (var contender : order) {
        comparison.measure(contender);
      }
      Collections.rotate(order, 1);
    }
    comparison.print();
    return comparison;
  }

  private void measure(Contender contender) throws Exception {
    server.renew(workload, ROWS);
    seconds.get(contender.name()).add(contender.seconds(workload));
    assertThat(server.left(workload)).as(contender.name()).isZero();
  }

  /** How fast one was as a multiple of how fast another was, round by round. */
  Spread ratio(String one, String other) {
    var ratios = new ArrayList<Double>();
    for (int round = 0; round < ROUNDS; round++) {
      ratios.add(seconds.get(other).get(round) / seconds.get(one).get(round));
    }
    return Spread.of(ratios);
  }

  private void print() {
    var names = List.copyOf(seconds.keySet());
    var out =
        new StringBuilder("%n%s, %,d rows, %d rounds%n".formatted(workload.name(), ROWS, ROUNDS));
    out.append("| %-21s | %-24s |".formatted("", "seconds"));
    var compared = names.stream().filter(name -> !name.startsWith("Undercurrent")).toList();
    compared.forEach(name -> out.append(" × %-20s |".formatted(name)));
    out.append("%n|---|---|".formatted()).append("---|".repeat(compared.size()));
    for (var name : names) {
      out.append("%n| %-21s | %-24s |".formatted(name, Spread.of(seconds.get(name))));
      compared.forEach(other -> out.append(" %-22s |".formatted(ratio(name, other))));
    }
    System.out.println(out);
  }
}
