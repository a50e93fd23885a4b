package io.undercurrent.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.testing.Rows;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What nobody notices before it has happened very often. */
@Tag("faults")
class IterationFaultTests {

  private static final long MEGABYTE = 1L << 20;

  /** A context has about ten times as much, and every iteration writes one. */
  private static final long FOR_EACH = 150;

  @Test
  void bloatsNoTableInManyIterations() throws Exception {
    var iterations = Suite.count("iterations", 5_000, 100_000);
    try (var scene =
        Scene.open(
            "--undercurrent.background-updates.sleep-enabled=false",
            "--undercurrent.background-updates.default-batch-size=1",
            "--undercurrent.background-updates.min-batch-size=1",
            "--undercurrent.background-updates.update-duration=1ns")) {
      var server = scene.server();
      scene.fault(iterations + " iterations").rows(iterations).endsWell();

      assertThat(
              Rows.of(
                  server.superuser(),
                  """
                  SELECT format('%%s: %%s', relname, pg_size_pretty(pg_total_relation_size(oid)))
                    FROM pg_class
                   WHERE relnamespace = CAST('undercurrent' AS regnamespace)
                     AND relkind = 'r'
                     AND pg_total_relation_size(oid) > %d"""
                      .formatted(MEGABYTE + FOR_EACH * iterations)))
          .as("tables that have grown")
          .isEmpty();
    }
  }
}
