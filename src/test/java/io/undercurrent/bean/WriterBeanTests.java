package io.undercurrent.bean;

import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.controller.BatchSettings;
import io.undercurrent.database.Database;
import io.undercurrent.failure.QuarantineLimit;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.page.Read;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Rows;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriterBeanTests extends BeanTests {

  @Test
  void getsLittleAtFirstAndThenWhatFitsTheTarget(Database database) throws Exception {
    Rows.run(database, "INSERT INTO numbers (id) SELECT generate_series(11, 14)");
    bean.taking(Duration.ofMillis(45));

    run(database, written(KEYS));

    assertThat(bean.calls).containsExactly("1 2 3 4 5 6 7 8 9 10", "11 12", "13 14");
  }

  @Test
  void getsOnlyMatchingRowsBounded(Database database) throws Exception {
    Rows.run(database, "INSERT INTO numbers (id) SELECT generate_series(11, 30)");
    bean.taking(Duration.ofMillis(45));

    run(database, written(new Read.Table("numbers", List.of("id"), new Sql("id % 2 = 0", 1))));

    assertThat(bean.calls).containsExactly("2 4 6 8 10 12 14 16 18 20", "22 24", "26 28", "30");
  }

  @Test
  void getsWhatTheJobFileSays(Database database) throws Exception {
    bean.taking(Duration.ofMillis(45));

    run(database, written(KEYS).with(new BatchSettings(4, 3, null, null)));

    assertThat(bean.calls).containsExactly("1 2 3 4", "5 6 7", "8 9 10");
  }

  @Test
  void getsHalvesOfAChunkUntilTheFailingRowIsFound(Database database) throws Exception {
    bean.on(
        id -> {
          if (id.equals("7")) {
            throw new IllegalStateException("no " + id);
          }
        });

    run(database, written(KEYS).with(new QuarantineLimit(1, null)));

    assertThat(bean.calls).startsWith("1 2 3 4 5 6 7 8 9 10", "1 2 3 4 5");
    assertThat(bean.callsWith("7")).isEqualTo(5);
    assertThat(Rows.of(database, "SELECT message FROM undercurrent.quarantine"))
        .containsExactly("bean 'list' failed: IllegalStateException: no 7, at the key [7]");
  }

  @Test
  void getsLessOnceItTookLongerThanATransactionMayBeIdle(Database database) throws Exception {
    bean.taking(Duration.ofMillis(1500));

    var error = run(database, written(KEYS));

    assertThat(error).isNull();
    assertThat(bean.calls).startsWith("1 2 3 4 5 6 7 8 9 10", "1").endsWith("10");
  }

  private static UpdateDefinition written(Read read) {
    return update("numbers", new ReadWrite(read, null, new Write.Bean("list")));
  }
}
