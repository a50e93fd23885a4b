package io.undercurrent.peers;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.Rows;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.configuration.support.MapJobRegistry;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.support.TaskExecutorJobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.support.JdbcJobRepositoryFactoryBean;
import org.springframework.batch.core.step.builder.ChunkOrientedStepBuilder;
import org.springframework.batch.infrastructure.item.database.JdbcPagingItemReader;
import org.springframework.batch.infrastructure.item.database.Order;
import org.springframework.batch.infrastructure.item.database.builder.JdbcBatchItemWriterBuilder;
import org.springframework.batch.infrastructure.item.database.builder.JdbcPagingItemReaderBuilder;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.ColumnMapRowMapper;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * Spring Batch as its reference shows it: a paging reader, a batch writer, a chunk-oriented step,
 * pages and chunks of 1,000, and its metadata in the same database.
 */
final class StockSpringBatch implements Contender {

  private static final int SIZE = 1_000;

  private final Database database;
  private long run;

  StockSpringBatch(Database database) throws Exception {
    this.database = database;
    Rows.run(database, "CREATE SCHEMA stock");
    try (var pool = database.pool("schema", 1, "SET search_path = stock")) {
      new ResourceDatabasePopulator(
              new ClassPathResource("org/springframework/batch/core/schema-postgresql.sql"))
          .execute(pool);
    }
  }

  @Override
  public String name() {
    return "stock Spring Batch";
  }

  @Override
  public double seconds(Workload workload) throws Exception {
    try (var pool = database.pool("stock", 4, "SET search_path = public, stock")) {
      var transactions = new JdbcTransactionManager(pool);
      var factory = new JdbcJobRepositoryFactoryBean();
      factory.setDataSource(pool);
      factory.setTransactionManager(transactions);
      factory.afterPropertiesSet();
      var repository = factory.getObject();
      var step =
          new ChunkOrientedStepBuilder<Map<String, Object>, Map<String, Object>>(
                  "work", repository, SIZE)
              .transactionManager(transactions)
              .reader(reader(workload, pool))
              .writer(
                  new JdbcBatchItemWriterBuilder<Map<String, Object>>()
                      .dataSource(pool)
                      .sql(workload.statement(key(workload)))
                      .columnMapped()
                      .build())
              .build();
      return Contender.timed(
          () -> {
            var job = new JobBuilder("work", repository).start(step).build();
            var operator = operator(repository);
            var execution =
                operator.start(
                    job, new JobParametersBuilder().addLong("run", ++run).toJobParameters());
            assertThat(execution.getStatus()).isEqualTo(BatchStatus.COMPLETED);
          });
    }
  }

  private static TaskExecutorJobOperator operator(JobRepository repository) throws Exception {
    var operator = new TaskExecutorJobOperator();
    operator.setJobRepository(repository);
    operator.setJobRegistry(new MapJobRegistry());
    operator.afterPropertiesSet();
    return operator;
  }

  private static JdbcPagingItemReader<Map<String, Object>> reader(
      Workload workload, DataSource pool) throws Exception {
    var order =
        workload.key().stream()
            .collect(
                toMap(
                    Workload.KeyColumn::name,
                    column -> Order.ASCENDING,
                    (one, other) -> one,
                    LinkedHashMap::new));
    var reader =
        new JdbcPagingItemReaderBuilder<Map<String, Object>>()
            .name("work")
            .dataSource(pool)
            .selectClause(workload.keys())
            .fromClause("work")
            .sortKeys(order)
            .pageSize(SIZE)
            .rowMapper(new ColumnMapRowMapper());
    if (workload.where() != null) {
      reader.whereClause(workload.where());
    }
    return reader.build();
  }

  private static String key(Workload workload) {
    return workload.key().stream()
        .map(column -> "%1$s = :%1$s".formatted(column.name()))
        .collect(joining(" AND "));
  }
}
