package io.undercurrent.execution;

import io.undercurrent.database.StorableText;
import io.undercurrent.lane.SliceNames;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.dao.ExecutionContextDao;
import org.springframework.batch.core.repository.dao.JacksonExecutionContextStringSerializer;
import org.springframework.batch.core.repository.dao.JobExecutionDao;
import org.springframework.batch.core.repository.dao.JobInstanceDao;
import org.springframework.batch.core.repository.dao.StepExecutionDao;
import org.springframework.batch.core.repository.support.JdbcJobRepositoryFactoryBean;
import org.springframework.batch.core.repository.support.SimpleJobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.interceptor.NameMatchTransactionAttributeSource;

/**
 * Spring Batch's repository in the target database, on a runner's fenced transactions.
 *
 * <p>A restarted step takes its predecessor's position over in the transaction that creates it:
 * Spring Batch alone saves it only with the first chunk, and a crash before that would begin from
 * the start again.
 */
public final class RunnerRepository extends SimpleJobRepository {

  /** The tables' prefix, which is also that of their sequences. */
  static final String TABLE_PREFIX = "undercurrent.batch_";

  private final JdbcClient jdbc;
  private final StorableText storable;

  private RunnerRepository(
      JdbcClient jdbc,
      StorableText storable,
      JobInstanceDao instances,
      JobExecutionDao executions,
      StepExecutionDao steps,
      ExecutionContextDao contexts) {
    super(instances, executions, steps, contexts);
    this.jdbc = jdbc;
    this.storable = storable;
  }

  @Override
  public StepExecution createStepExecution(String stepName, JobExecution jobExecution) {
    var last = getLastStepExecution(jobExecution.getJobInstance(), stepName);
    var created = super.createStepExecution(stepName, jobExecution);
    if (last != null) {
      created.setExecutionContext(new ExecutionContext(last.getExecutionContext()));
      updateExecutionContext(created);
    }
    return created;
  }

  @Override
  public void update(StepExecution execution) {
    execution.setExitStatus(storable(execution.getExitStatus()));
    super.update(execution);
  }

  /**
   * Saves the context, unless the execution has gone on elsewhere meanwhile: Spring Batch's own
   * statement looks at no version, and would put the position of another process back.
   */
  @Override
  public void updateExecutionContext(StepExecution execution) {
    var current =
        jdbc.sql(
                """
                SELECT 1
                  FROM undercurrent.batch_step_execution
                 WHERE step_execution_id = :id
                   AND version = :version
                   FOR NO KEY UPDATE""")
            .param("id", execution.getId())
            .param("version", execution.getVersion())
            .query(Integer.class)
            .optional();
    if (current.isEmpty()) {
      throw new OptimisticLockingFailureException(
          "Expected version %d of the step execution of '%s', found another"
              .formatted(execution.getVersion(), execution.getStepName()));
    }
    super.updateExecutionContext(execution);
  }

  @Override
  public void update(JobExecution execution) {
    execution.setExitStatus(storable(end(execution)));
    super.update(execution);
  }

  /** An execution that finds its step complete has nothing to do, and ends as that step did. */
  private ExitStatus end(JobExecution execution) {
    var end = execution.getExitStatus();
    if (!end.getExitCode().equals(ExitStatus.NOOP.getExitCode())) {
      return end;
    }
    var instance = execution.getJobInstance();
    var names = new SliceNames(instance.getJobName());
    return Stream.of(names.manager(), names.update())
        .map(name -> getLastStepExecution(instance, name))
        .filter(Objects::nonNull)
        .findFirst()
        .map(StepExecution::getExitStatus)
        .orElse(end);
  }

  // An exception may quote what the database cannot keep.
  private ExitStatus storable(ExitStatus status) {
    return new ExitStatus(status.getExitCode(), storable.of(status.getExitDescription()));
  }

  /**
   * Makes sure that Spring Batch, which writes {@code LocalDateTime.now()}, writes times in UTC.
   *
   * @throws IllegalStateException if the process lives in another time zone
   */
  public static void requireUtc() {
    var zone = ZoneId.systemDefault();
    if (!zone.normalized().equals(ZoneOffset.UTC)) {
      throw new IllegalStateException(
          "Expected UTC as the process's time zone, in which Spring Batch writes times, found %s. Begin with: TimeZone.setDefault(TimeZone.getTimeZone(ZoneOffset.UTC))"
              .formatted(zone));
    }
  }

  public static JobRepository create(
      DataSource dataSource, PlatformTransactionManager transactions) {
    var factory = new Factory(JdbcClient.create(dataSource));
    factory.setDataSource(dataSource);
    factory.setTransactionManager(transactions);
    factory.setTablePrefix(TABLE_PREFIX);
    factory.setSerializer(new JacksonExecutionContextStringSerializer());
    factory.setValidateTransactionState(false);
    factory.setTransactionAttributeSource(joiningTransactions());
    try {
      factory.afterPropertiesSet();
      return factory.getObject();
    } catch (Exception e) {
      throw new IllegalStateException("Spring Batch's repository could not be made", e);
    }
  }

  private static NameMatchTransactionAttributeSource joiningTransactions() {
    var attributes = new Properties();
    attributes.setProperty("*", "PROPAGATION_REQUIRED");
    var source = new NameMatchTransactionAttributeSource();
    source.setProperties(attributes);
    return source;
  }

  private static final class Factory extends JdbcJobRepositoryFactoryBean {

    private final JdbcClient jdbc;

    Factory(JdbcClient jdbc) {
      this.jdbc = jdbc;
    }

    @Override
    protected Object getTarget() throws Exception {
      var instances = createJobInstanceDao();
      var executions = createJobExecutionDao();
      executions.setJobInstanceDao(instances);
      var steps = createStepExecutionDao();
      steps.setJobExecutionDao(executions);
      return new RunnerRepository(
          jdbc, new StorableText(jdbc), instances, executions, steps, createExecutionContextDao());
    }
  }
}
