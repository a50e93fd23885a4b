package io.undercurrent.database;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Keeps a connection after an SQL error that says that PostgreSQL cannot do something: the pool
 * would take it for a broken connection and close it, and the transaction could not go on.
 */
final class UnsupportedFeatures implements SQLExceptionOverride {

  private static final String NOT_SUPPORTED = "0A000";

  @java.lang.Override
  public SQLExceptionOverride.Override adjudicate(SQLException failure) {
    return NOT_SUPPORTED.equals(failure.getSQLState())
        ? SQLExceptionOverride.Override.DO_NOT_EVICT
        : SQLExceptionOverride.Override.CONTINUE_EVICT;
  }
}
