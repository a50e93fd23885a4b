package io.undercurrent.database;

import java.sql.Connection;
import java.util.logging.Level;
import java.util.logging.Logger;
import liquibase.UpdateSummaryEnum;
import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.SpringLiquibase;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Undercurrent's own tables in a target database, as {@code db/changelog.yaml} describes them. */
final class Schema {

  private static final String NAME = "undercurrent";
  private static final Logger LIQUIBASE = Logger.getLogger("liquibase");

  static {
    LIQUIBASE.setLevel(Level.WARNING);
  }

  private final SingleConnectionDataSource session;

  Schema(Connection connection) {
    this.session = new SingleConnectionDataSource(connection, true);
  }

  void prepare() {
    JdbcClient.create(session).sql("CREATE SCHEMA IF NOT EXISTS " + NAME).update();
    runLiquibase();
  }

  private void runLiquibase() {
    var liquibase = new SpringLiquibase();
    liquibase.setDataSource(session);
    liquibase.setChangeLog("classpath:db/changelog.yaml");
    liquibase.setResourceLoader(new DefaultResourceLoader());
    liquibase.setLiquibaseSchema(NAME);
    liquibase.setShowSummary(UpdateSummaryEnum.OFF);
    liquibase.setAnalyticsEnabled(false);
    try {
      liquibase.afterPropertiesSet();
    } catch (LiquibaseException e) {
      throw new IllegalStateException("db/changelog.yaml could not be applied", e);
    }
  }
}
