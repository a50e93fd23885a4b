package io.undercurrent.admin.http;

import org.springframework.security.core.AuthenticationException;

/** A request that is answered with an error. */
public final class Refusal extends AuthenticationException {

  private final transient Answer answer;

  public Refusal(Answer answer) {
    super(String.valueOf(answer.body().get("error")));
    this.answer = answer;
  }

  public Refusal(int status, String errcode, String error) {
    this(Answer.error(status, errcode, error));
  }

  public static Refusal of(AuthenticationException failure) {
    return failure instanceof Refusal refusal ? refusal : new Refusal(Answer.FAILED);
  }

  /** Everything is in the answer, and bad requests should cost little. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }

  public Answer answer() {
    return answer;
  }
}
