package io.undercurrent.execution;

import io.undercurrent.failure.EndsExecution;
import org.springframework.dao.OptimisticLockingFailureException;

/** Another process has a step execution by now; what this one still wanted to commit is refused. */
final class OvertakenException extends OptimisticLockingFailureException implements EndsExecution {

  OvertakenException(String message) {
    super(message);
  }
}
