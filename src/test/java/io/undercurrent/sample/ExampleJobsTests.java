package io.undercurrent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.TestDatabases;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class ExampleJobsTests {

  private Database database;
  private JobRunner runner;

  @BeforeEach
  void loadSample(TestDatabases databases) {
    database =
        databases.createLike(
            "examples", template -> new SampleHomeserver(template).load(150, step -> {}));
    runner = new JobRunner(database, Path.of("jobs", "examples"), SampleHomeserver.SERVER_NAME);
  }

  @Test
  void fillsTheMissingDomains() throws Exception {
    runner.run("backfill_member_domains");

    assertThat(rows("SELECT DISTINCT domain FROM undercurrent_examples.members ORDER BY 1"))
        .contains("sample.test", "sample.test:8448")
        .doesNotContainNull();
    assertThat(
            rows(
                """
                SELECT concat(read_count > 9 * write_count, write_count > 0,
                              read_count = filter_count + write_count)
                  FROM undercurrent.batch_step_execution
                 WHERE step_name = 'backfill_member_domains'"""))
        .containsExactly("ttt");
  }

  @Test
  void indexesTheDomains() throws Exception {
    runner.run("backfill_member_domains");

    assertThat(
            rows(
                """
                SELECT indisvalid, pg_get_indexdef(indexrelid)
                  FROM pg_index
                 WHERE indexrelid = CAST('undercurrent_examples.members_domain' AS regclass)"""))
        .containsExactly(
            "t CREATE INDEX members_domain ON undercurrent_examples.members USING btree (domain, room_id)");
  }

  @Test
  void countsTheMembersOfEachServer() throws Exception {
    runner.run("count_room_servers");

    assertThat(
            rows(
                "SELECT room_id, server_name, joined_members FROM undercurrent_examples.room_servers"))
        .containsExactlyInAnyOrderElementsOf(
            rows(
                """
                SELECT room_id, substr(state_key, strpos(state_key, ':') + 1), count(*)
                  FROM current_state_events
                 WHERE membership = 'join'
                 GROUP BY 1, 2"""));
  }

  @Test
  void canBeRunAgain() throws Exception {
    for (var job : List.of("backfill_member_domains", "count_room_servers")) {
      runner.run(job);
      runner.run(job);
    }

    assertThat(rows("SELECT count(*) FROM undercurrent.runs WHERE outcome = 'COMPLETED'"))
        .containsExactly("10");
  }

  private List<String> rows(String sql) {
    return database
        .jdbc()
        .sql(sql)
        .query(
            (row, number) -> {
              var columns = row.getMetaData().getColumnCount();
              var text = new StringBuilder();
              for (int i = 1; i <= columns; i++) {
                text.append(i == 1 ? "" : " ").append(row.getString(i));
              }
              return text.toString();
            })
        .list();
  }
}
