package io.undercurrent.peers;

import static io.undercurrent.peers.Iterations.percentile;

import io.undercurrent.execution.RunnerContext;
import io.undercurrent.health.Signals;
import io.undercurrent.iteration.Beans;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.Rows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * What an application notices of a backfill of its own rows without sleep, and what the brakes do
 * about it: pgbench's transactions at half the rate that they come to at most, alone and beside one
 * UPDATE, a loop in PL/pgSQL, and Undercurrent with and without brakes. Each works until all rows
 * are done; the transactions meanwhile count.
 */
final class BrakeFigures {

  private static final int ROUNDS = Integer.getInteger("peers.rounds", 5);
  private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("peers.seconds", 20));
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final String BRAKED = "Undercurrent with brakes";
  private static final String FREE = "Undercurrent without brakes";

  private final PeersServer server;
  private final Path directory;
  private final Pgbench application;
  private final Map<String, Callable<?>> contenders = new LinkedHashMap<>();
  private final Map<String, List<Double>> ratios = new LinkedHashMap<>();
  private final Map<String, List<Double>> paces = new LinkedHashMap<>();

  BrakeFigures(PeersServer server, Path directory, Signals brakes) {
    this.server = server;
    this.directory = directory;
    this.application = new Pgbench(server);
    contenders.put("one UPDATE", this::oneStatement);
    contenders.put("PL/pgSQL loop", this::loop);
    contenders.put(FREE, () -> undercurrent(Signals.NONE));
    contenders.put(BRAKED, () -> undercurrent(brakes));
  }

  void compare() throws Exception {
    Files.writeString(
        directory.resolve(Undercurrent.NAME + ".yaml"),
        """
        updates:
          - name: %s
            update: {table: pgbench_accounts, set: {filler: "CAST(aid AS text)"}}
        """
            .formatted(Undercurrent.NAME));
    var rate = application.most(TIME.dividedBy(2)) / 2;
    System.out.printf(Locale.ROOT, "half the load: %.0f transactions a second%n", rate);
    for (int round = 0; round < ROUNDS; round++) {
      round(rate);
    }
    ratios.forEach(
        (name, figures) ->
            PaceFigures.figure(
                "p99 of an application beside %s, x alone".formatted(name),
                figures,
                name.equals(BRAKED) ? "<= 1.25" : "-"));
    paces.forEach(
        (name, figures) ->
            PaceFigures.figure(
                "pace of %s, x without brakes".formatted(name),
                figures,
                name.equals(BRAKED) ? ">= 0.5" : "-"));
  }

  private void round(double rate) throws Exception {
    application.settle();
    var alone = application.latencies(rate, TIME);
    print("alone", alone, TIME.toSeconds());
    var seconds = new LinkedHashMap<String, Double>();
    for (var contender : contenders.entrySet()) {
      application.settle();
      var start = System.nanoTime();
      var work = CompletableFuture.supplyAsync(() -> timed(contender.getValue(), start));
      var beside = application.latenciesUntil(rate, work);
      seconds.put(contender.getKey(), work.join());
      print(contender.getKey(), beside, work.join());
      ratios
          .computeIfAbsent(contender.getKey(), name -> new ArrayList<>())
          .add(percentile(beside, 0.99) / percentile(alone, 0.99));
    }
    seconds.forEach(
        (name, each) ->
            paces.computeIfAbsent(name, key -> new ArrayList<>()).add(seconds.get(FREE) / each));
  }

  private static void print(String what, List<Double> latencies, double seconds) {
    System.out.printf(
        Locale.ROOT,
        "%s: p50 %.2f, p99 %.2f, worst %.1f ms, %.1f s%n",
        what,
        percentile(latencies, 0.5),
        percentile(latencies, 0.99),
        percentile(latencies, 1),
        seconds);
  }

  private static double timed(Callable<?> work, long start) {
    try {
      work.call();
    } catch (Exception e) {
      throw new CompletionException(e);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private Void oneStatement() {
    Rows.run(server.database(), "UPDATE pgbench_accounts SET filler = CAST(aid AS text)");
    return null;
  }

  private Void loop() {
    Rows.run(
        server.database(),
        """
        CREATE OR REPLACE PROCEDURE fill_accounts() LANGUAGE plpgsql AS $p$
        DECLARE
          after_id int := 0;
        BEGIN
          WHILE after_id < %d LOOP
            UPDATE pgbench_accounts
               SET filler = CAST(aid AS text)
             WHERE aid > after_id
               AND aid <= after_id + 5000;
            COMMIT;
            after_id := after_id + 5000;
          END LOOP;
        END $p$"""
            .formatted(Pgbench.ACCOUNTS),
        "CALL fill_accounts()");
    return null;
  }

  private Void undercurrent(Signals signals) throws Exception {
    var database = server.database();
    var context = new RunnerContext(new Iterations().controller(), Beans.NONE).watching(signals);
    try (var engine = new JobEngine(JobEngine.jobs(directory), context, database.settings())) {
      engine.updates.start(database.name(), Undercurrent.NAME);
      engine.run().awaitEmptyQueue(LIMIT);
    }
    return null;
  }
}
