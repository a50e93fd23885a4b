package io.undercurrent.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.bean.Row;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.iteration.Beans;
import io.undercurrent.testing.JobEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.batch.infrastructure.item.ItemProcessor;

/** How much faster several lanes are where a bean takes 5 ms for each item. */
final class BeanFigures {

  private static final int ROUNDS = Integer.getInteger("peers.rounds", 5);
  private static final int ITEMS = Integer.getInteger("peers.items", 4_000);
  private static final int MS = 5;

  private final PeersServer server;
  private final Path directory;

  BeanFigures(PeersServer server, Path directory) {
    this.server = server;
    this.directory = directory;
  }

  void compare(int... lanes) throws Exception {
    var seconds = new LinkedHashMap<Integer, List<Double>>();
    for (int round = 0; round < ROUNDS; round++) {
      for (var number : lanes) {
        seconds.computeIfAbsent(number, each -> new ArrayList<>()).add(seconds(number));
      }
    }
    print(seconds, lanes[0]);
  }

  private static void print(Map<Integer, List<Double>> seconds, int base) {
    seconds.forEach(
        (lanes, figures) -> {
          var ratios = new ArrayList<Double>();
          for (int round = 0; round < ROUNDS; round++) {
            ratios.add(seconds.get(base).get(round) / figures.get(round));
          }
          System.out.printf(
              "| bean of %d ms, %d lanes: %s s | × 1 lane: %s | %s |%n",
              MS,
              lanes,
              Spread.of(figures),
              Spread.of(ratios),
              lanes == 2 ? ">= 1.9" : lanes == 8 ? ">= 7" : "-");
        });
  }

  private double seconds(int lanes) throws Exception {
    var workload = Workloads.backfill();
    server.renew(workload, ITEMS);
    Files.writeString(
        directory.resolve(Undercurrent.NAME + ".yaml"),
        """
        updates:
          - name: %s
            read: {table: work, key: id}
            process: {bean: slow, outside-transaction: true}
            write: UPDATE work SET domain = split_part(mail, '@', 2) FROM chunk WHERE work.id = chunk.id
        """
                .formatted(Undercurrent.NAME)
            + (lanes > 1 ? "    lanes: %d\n".formatted(lanes) : ""));
    var main = server.database();
    var context = new RunnerContext(new Iterations().controller(), new SlowBean());
    try (var engine = new JobEngine(JobEngine.jobs(directory), context, main.settings())) {
      engine.updates.start(main.name(), Undercurrent.NAME);
      engine.run().awaitEmptyQueue(Duration.ofMinutes(15));
    }
    assertThat(server.left(workload)).isZero();
    return Undercurrent.lastRun(main);
  }

  /** Calls something that takes its time. */
  private static final class SlowBean implements Beans, ItemProcessor<Row, Row> {

    @Override
    public Row process(Row row) throws InterruptedException {
      Thread.sleep(MS);
      return row;
    }

    @Override
    public <T> T get(String name, Class<T> type) {
      return type.cast(this);
    }
  }
}
